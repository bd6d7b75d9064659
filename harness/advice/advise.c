#include "harness/advice/advise.h"

#include <stdlib.h>

#include "base/duration.h"
#include "base/text.h"
#include "harness/advice/advise_internal.h"
#include "harness/advice/findings_internal.h"

enum { LADDER_TOP = LADDER_COUNT - 1 };

struct wants wants_none(void)
{
    struct wants wants;
    for (size_t i = 0; i < WANT_COUNT; i++)
        wants.at_most[i] = -1;
    return wants;
}

const char *want_name(enum want_kind kind)
{
    static const char *const names[WANT_COUNT] = {
        [WANT_STALENESS] = "staleness",
        [WANT_MEAN_STALENESS] = "mean-staleness",
        [WANT_CALLS] = "fetches-per-second",
    };
    return names[kind];
}

static bool is_wanted(const struct bench *bench, enum want_kind kind)
{
    return bench->wants->at_most[kind] >= 0;
}

/* 1.17 has one option for programs and dashboards. */
static bool has_graphs_apart(const struct bench *bench)
{
    return is_since(bench->situation, RELEASE_1_18);
}

/* One of both is asked about. False when out of memory. */
typedef bool is_enough(struct bench *bench, struct point point, bool *enough);

static bool is_seldom_enough(struct bench *bench, struct point point, bool *enough)
{
    const double wanted = bench->wants->at_most[WANT_CALLS];
    struct prediction prediction;
    if (!bench_probe(bench, point, &prediction))
        return false;
    /* Where no form holds an entry is fetched once in its timeout at most. */
    if (prediction.basis == BASIS_NONE)
        *enough = (double)bench->load.job_count * 1000 <= wanted * (double)point.timeout_ms;
    else
        *enough = want_measure(&prediction, WANT_CALLS) <= wanted;
    return true;
}

static bool is_half_spared(struct bench *bench, struct point point, bool *enough)
{
    struct prediction prediction;
    if (!bench_probe(bench, point, &prediction))
        return false;
    *enough = prediction.basis != BASIS_NONE &&
              prediction.fetches_per_s.statistics <= bench->wants->at_most[WANT_CALLS] / 2;
    return true;
}

static bool is_too_old(struct bench *bench, struct point point, bool *enough)
{
    struct prediction prediction;
    if (!bench_probe(bench, point, &prediction))
        return false;
    *enough =
        want_measure(&prediction, WANT_MEAN_STALENESS) > bench->wants->at_most[WANT_MEAN_STALENESS];
    return true;
}

/* The lowest rung for `*varied`, a member of `point`, on which it is enough; LADDER_COUNT: none.
 * Calls become fewer and answers older from rung to rung. False when out of memory. */
static bool lowest_rung(struct bench *bench, struct point *point, int64_t *varied, is_enough *ask,
                        int *rung)
{
    int low = 0, high = LADDER_COUNT;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        bool enough;
        *varied = ladder_ms(middle);
        if (!ask(bench, *point, &enough))
            return false;
        if (enough)
            high = middle;
        else
            low = middle + 1;
    }
    *rung = low;
    *varied = ladder_ms(low < LADDER_COUNT ? low : LADDER_TOP);
    return true;
}

/* Where calls for graphs are too many beside those for statistics: dashboards have to wait. */
static enum outcome spare_graphs(struct bench *bench, struct point point, struct advised *advised)
{
    int rung;
    if (!lowest_rung(bench, &point, &point.graph_ms, is_seldom_enough, &rung))
        return OUTCOME_NO_MEMORY;
    return bench_try(bench, point, advised);
}

static enum outcome try_timeout(struct bench *bench, int64_t timeout_ms, struct advised *advised)
{
    const struct point point = {.timeout_ms = timeout_ms, .graph_ms = KEPT};
    const enum outcome outcome = bench_try(bench, point, advised);
    if (outcome == OUTCOME_TOO_MANY_CALLS && has_graphs_apart(bench))
        return spare_graphs(bench, point, advised);
    return outcome;
}

/* The longest timeout in which answers do not become too old, in milliseconds: the worst age is the
 * timeout itself, see fetch_rhythm_worst_us(). False when out of memory. */
static bool longest_timeout(struct bench *bench, int64_t *timeout_ms)
{
    struct point point = {.graph_ms = KEPT};
    int rung;
    *timeout_ms = ladder_ms(LADDER_TOP);
    if (is_wanted(bench, WANT_STALENESS) &&
        bench->wants->at_most[WANT_STALENESS] / 1000 < (double)*timeout_ms)
        *timeout_ms = (int64_t)(bench->wants->at_most[WANT_STALENESS] / 1000);
    if (!is_wanted(bench, WANT_MEAN_STALENESS))
        return true;
    if (!lowest_rung(bench, &point, &point.timeout_ms, is_too_old, &rung))
        return false;
    if (rung > 0 && ladder_ms(rung - 1) < *timeout_ms)
        *timeout_ms = ladder_ms(rung - 1);
    return true;
}

/* Fewer calls are not to be had with a shorter timeout, so the first that is known to be too many
 * ends it. */
static enum outcome search_down(struct bench *bench, struct advised *advised)
{
    int64_t timeout_ms;
    if (!longest_timeout(bench, &timeout_ms))
        return OUTCOME_NO_MEMORY;
    const enum outcome first = try_timeout(bench, timeout_ms, advised);
    enum outcome outcome = first;
    while (outcome == OUTCOME_NOT_KNOWN || outcome == OUTCOME_DANGER ||
           outcome == OUTCOME_TOO_OLD) {
        if (timeout_ms == 0)
            return first;
        timeout_ms = ladder_ms(ladder_rung(timeout_ms - 1));
        outcome = try_timeout(bench, timeout_ms, advised);
    }
    return outcome;
}

/* The shortest timeout from this rung on. */
static enum outcome climb(struct bench *bench, int rung, struct advised *advised)
{
    struct point point = {.graph_ms = KEPT};
    enum outcome outcome;
    do {
        point.timeout_ms = ladder_ms(rung < LADDER_TOP ? rung : LADDER_TOP);
        outcome = bench_try(bench, point, advised);
        rung++;
    } while (rung < LADDER_COUNT && outcome == OUTCOME_NOT_KNOWN);
    return outcome;
}

/* Only calls are wanted, and the fewest would be none at all: the freshest answers then that so
 * many calls give, with what there is where that will do. */
static enum outcome search_up(struct bench *bench, struct advised *advised)
{
    struct point point = {.graph_ms = KEPT};
    int rung;
    if (!lowest_rung(bench, &point, &point.timeout_ms, is_seldom_enough, &rung))
        return OUTCOME_NO_MEMORY;
    enum outcome outcome = climb(bench, rung, advised);
    if (outcome != OUTCOME_TOO_MANY_CALLS || !has_graphs_apart(bench))
        return outcome;
    point = (struct point){.timeout_ms = KEPT};
    outcome = spare_graphs(bench, point, advised);
    if (outcome != OUTCOME_TOO_MANY_CALLS)
        return outcome;
    /* Half of the calls for each. */
    point = (struct point){.graph_ms = KEPT};
    if (!lowest_rung(bench, &point, &point.timeout_ms, is_half_spared, &rung))
        return OUTCOME_NO_MEMORY;
    return spare_graphs(bench, point, advised);
}

static bool is_no_better(const struct advised *found, const struct advised *kept)
{
    return found->prediction.basis != BASIS_NONE && kept->prediction.basis != BASIS_NONE &&
           want_measure(&found->prediction, WANT_CALLS) * (1 + 1e-9) >=
               want_measure(&kept->prediction, WANT_CALLS);
}

static enum outcome search(struct bench *bench, struct advised *advised)
{
    static const struct point as_it_is = {KEPT, KEPT};
    struct advised kept;
    const bool bounded = is_wanted(bench, WANT_STALENESS) || is_wanted(bench, WANT_MEAN_STALENESS);
    const enum outcome now = bench_try(bench, as_it_is, &kept);
    if (now == OUTCOME_NO_MEMORY || (now == OUTCOME_MET && !bounded)) {
        *advised = kept;
        return now;
    }
    const enum outcome outcome = bounded ? search_down(bench, advised) : search_up(bench, advised);
    if (now == OUTCOME_MET && outcome != OUTCOME_NO_MEMORY &&
        (outcome != OUTCOME_MET || is_no_better(advised, &kept))) {
        *advised = kept;
        return OUTCOME_MET;
    }
    advised->avoided = bench->danger;
    return outcome;
}

/* "staleness of at most 1 s" */
static void put_bound(const struct wants *wants, enum want_kind kind, struct buffer *out)
{
    buffer_printf(out, "%s of at most ", kind == WANT_STALENESS ? "staleness" : "a mean staleness");
    duration_name(out, (int64_t)wants->at_most[kind]);
}

static void put_bounds(const struct wants *wants, struct buffer *out)
{
    const bool worst = wants->at_most[WANT_STALENESS] >= 0;
    const bool mean = wants->at_most[WANT_MEAN_STALENESS] >= 0;
    if (worst)
        put_bound(wants, WANT_STALENESS, out);
    buffer_text(out, worst && mean ? " and " : "");
    if (mean)
        put_bound(wants, WANT_MEAN_STALENESS, out);
    if (!worst && !mean)
        buffer_text(out, "the longest timeout, 100000 s,");
}

static void put_calls(const struct bench *bench, const struct advised *least, struct buffer *out)
{
    put_bounds(bench->wants, out);
    buffer_printf(out, " needs at least %.4g calls a second with this load, and %.4g are wanted",
                  want_measure(&least->prediction, WANT_CALLS), bench->wants->at_most[WANT_CALLS]);
    if (!has_graphs_apart(bench))
        buffer_printf(
            out, "; Flink %s has one timeout for programs and dashboards, %s",
            bench->situation->effective->version,
            flink_option_key(OPTION_REFRESH_INTERVAL, bench->situation->effective->version));
    if (bench->danger)
        buffer_printf(out, ". A longer timeout brings `%s`", bench->danger->id);
    buffer_char(out, '.');
}

static char *reason(const struct bench *bench, enum outcome outcome, const struct advised *last)
{
    struct buffer out = {0};
    switch (outcome) {
    case OUTCOME_TOO_MANY_CALLS:
        put_calls(bench, last, &out);
        break;
    case OUTCOME_DANGER:
        buffer_printf(&out, "the settings that meet it bring `%s`: %s", bench->danger->id,
                      bench->danger->statement);
        break;
    case OUTCOME_TOO_OLD:
        put_bounds(bench->wants, &out);
        buffer_text(&out, " is not to be had with any timeout.");
        break;
    case OUTCOME_NOT_KNOWN:
    case OUTCOME_MET:
    case OUTCOME_NO_MEMORY:
        buffer_text(&out, "no closed form holds for this load, so that neither calls nor a mean "
                          "staleness are known.");
        break;
    }
    return buffer_take(&out);
}

/* False when out of memory. */
static bool search_alone(const struct situation *situation, const struct wants *wants,
                         struct advice *advice)
{
    for (size_t i = 0; i < WANT_COUNT; i++) {
        struct wants alone = wants_none();
        struct bench bench;
        alone.at_most[i] = wants->at_most[i];
        if (alone.at_most[i] < 0)
            continue;
        const enum outcome outcome = bench_open(&bench, situation, &alone)
                                         ? search(&bench, &advice->alone[i])
                                         : OUTCOME_NO_MEMORY;
        bench_close(&bench);
        advice->alone_met[i] = outcome == OUTCOME_MET;
        if (outcome == OUTCOME_NO_MEMORY)
            return false;
    }
    return true;
}

bool advise(const struct situation *situation, const struct wants *wants, struct advice *advice)
{
    struct bench bench;
    *advice = (struct advice){0};
    if (situation->effective->refusal_count > 0) {
        advice->because = text_copy("Flink refuses this configuration.");
        return advice->because != NULL;
    }
    const enum outcome outcome =
        bench_open(&bench, situation, wants) ? search(&bench, &advice->best) : OUTCOME_NO_MEMORY;
    advice->met = outcome == OUTCOME_MET;
    if (outcome != OUTCOME_NO_MEMORY && !advice->met)
        advice->because = reason(&bench, outcome, &advice->best);
    bench_close(&bench);
    if (advice->met)
        return true;
    return advice->because && search_alone(situation, wants, advice);
}

void advice_free(struct advice *advice)
{
    free(advice->because);
    *advice = (struct advice){0};
}
