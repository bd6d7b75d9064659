#include "harness/command_line/explore_report.h"

#include <ctype.h>
#include <errno.h> /* program_invocation_name */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/command_line/claim_text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/files.h"
#include "harness/command_line/stories.h"
#include "harness/explore/generate.h"
#include "harness/explore/smallest.h"
#include "harness/explore/write.h"

/* A failure that was found: the smallest scenario that shows it. */
struct found {
    struct failure_kind kind;
    uint64_t seed;
    struct plan *plan;
    struct run_result result;
    struct buffer name, title, why, source, claim, again, file;
};

struct reporting {
    const struct explore_report *report;
    struct choices *choices;
    struct found *found;
    size_t found_count;
    struct report_result *results; /* those kept before, then one for each found */
    struct stories stories;
};

static int out_of_memory(void)
{
    fputs("freshcheck: out of memory\n", stderr);
    return EXIT_INTERNAL;
}

static bool end_text(struct buffer *text)
{
    buffer_char(text, '\0');
    return !text->failed;
}

/* --- one failure -------------------------------------------------------------------------------- */

/* "stampede" also of "./stampede.so"; "graph cache" becomes "graph-cache". */
static void write_plainly(const char *text, struct buffer *out)
{
    const char *slash = strrchr(text, '/');
    for (const char *at = slash ? slash + 1 : text; *at && strcmp(at, ".so") != 0; at++)
        buffer_char(out, isalnum((unsigned char)*at) || strchr(".-_", *at) ? *at : '-');
}

/* What another failure is kept in stays. */
static void choose_file(const struct reporting *reporting, struct found *found)
{
    struct buffer *file = &found->file;
    buffer_printf(file, "%s/", reporting->report->folder);
    write_plainly(implementation_name(reporting->report->implementation), file);
    buffer_printf(file, "-%s-", property_id(found->kind.property));
    write_plainly(layer_name(found->kind.layer), file);
    const size_t length = file->length;
    buffer_printf(file, ".yaml%c", '\0');
    if (file->failed || access(file->bytes, F_OK) != 0)
        return;
    file->length = length;
    buffer_printf(file, "-seed-%" PRIu64 ".yaml%c", found->seed, '\0');
}

/* Names, and the command that shows it again: on the file where it is kept, else by its seed. */
static bool write_texts(const struct reporting *reporting, struct found *found)
{
    const char *implementation = implementation_name(reporting->report->implementation);
    const char *id = property_id(found->kind.property);
    buffer_printf(&found->name, "seed-%" PRIu64 "-%s", found->seed, id);
    buffer_printf(&found->title, "%s breaks %s", implementation, id);
    buffer_printf(&found->why,
                  "it was made up, and made as small as it could be: %zu events are enough",
                  plan_size(found->plan));
    buffer_printf(&found->source,
                  "freshcheck explore --implementation %s --seed %" PRIu64 " --seeds 1",
                  implementation, found->seed);
    claim_print(&found->plan->claim, &found->claim);
    if (reporting->report->folder) {
        choose_file(reporting, found);
        buffer_printf(&found->again, "run %s --implementation %s",
                      found->file.failed ? "" : found->file.bytes, implementation);
    } else {
        buffer_printf(&found->again, "explore --implementation %s --seed %" PRIu64 " --seeds 1",
                      implementation, found->seed);
    }
    return end_text(&found->name) && end_text(&found->title) && end_text(&found->why) &&
           end_text(&found->source) && end_text(&found->claim) && end_text(&found->again) &&
           !found->file.failed;
}

static int save(const struct found *found)
{
    struct buffer text = {0};
    explore_write(found->plan, &text);
    int code = text.failed ? out_of_memory() : EXIT_AS_CLAIMED;
    if (code == EXIT_AS_CLAIMED && !file_write(found->file.bytes, &text))
        code = EXIT_CANNOT_WRITE;
    buffer_free(&text);
    return code;
}

/* What does not count stays out. The age is claimed all the same: other properties go by it. */
static void drop_unwanted(const struct explore_report *report, struct found *found)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        found->result.judgement.claim.claimed[i] &= report->wanted[i];
        found->plan->claim.claimed[i] &= report->wanted[i] || i == PROPERTY_BOUNDED_AGE;
    }
}

static int show(struct reporting *reporting, struct failure_kind kind,
                const struct exploration_failure *failure)
{
    const struct explore_report *report = reporting->report;
    struct found *found = &reporting->found[reporting->found_count++];
    *found = (struct found){.kind = kind, .seed = failure->seed};
    found->plan = explore_show(reporting->choices, report->implementation, failure, &found->result);
    if (!found->plan)
        return out_of_memory();
    drop_unwanted(report, found);
    if (!write_texts(reporting, found))
        return out_of_memory();
    found->plan->title = found->title.bytes;
    found->plan->why = found->why.bytes;
    found->plan->source = found->source.bytes;
    if (!report->quiet)
        fprintf(stderr, "freshcheck: seed %" PRIu64 " breaks %s, layer %s; %zu events are enough\n",
                found->seed, property_id(kind.property), layer_name(kind.layer),
                plan_size(found->plan));
    return report->folder ? save(found) : EXIT_AS_CLAIMED;
}

static int show_all(struct reporting *reporting)
{
    int code = EXIT_AS_CLAIMED;
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        for (int k = 0; k < LAYER_COUNT && code == EXIT_AS_CLAIMED; k++) {
            const struct exploration_failure *failure =
                &reporting->report->exploration->failures[i][k];
            if (failure->found)
                code = show(reporting, (struct failure_kind){(enum property)i, (enum layer)k},
                            failure);
        }
    }
    return code;
}

/* --- the report --------------------------------------------------------------------------------- */

static void print_tally(const struct explore_report *report, struct buffer *out)
{
    const struct tally *tally = &report->exploration->tally;
    buffer_printf(out, "%-18s %12s %10s %10s\n", "property", "tested", "in runs", "broken in");
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (!report->wanted[i])
            continue;
        buffer_printf(out, "%-18s %12" PRIu64 " %10" PRIu64 " %10" PRIu64 "\n",
                      property_id((enum property)i), tally->of[i].tested, tally->of[i].tested_runs,
                      tally->of[i].failed_runs);
    }
    buffer_printf(out,
                  "\n%" PRIu64 " seeds on %s: %" PRIu64 " reads, %" PRIu64 " calls, %" PRIu64
                  " completions; %" PRIu64 " runs with a broken claim.\n",
                  tally->seeds, implementation_name(report->implementation), tally->reads,
                  tally->fetches, tally->completions, tally->failed_runs);
}

static void fill_results(struct reporting *reporting)
{
    const struct explore_report *report = reporting->report;
    for (size_t i = 0; i < report->kept_count; i++)
        reporting->results[i] = report->kept[i];
    for (size_t i = 0; i < reporting->found_count; i++) {
        const struct found *found = &reporting->found[i];
        reporting->results[report->kept_count + i] = (struct report_result){
            .subject = found->name.bytes,
            .title = found->title.bytes,
            .implementation = implementation_name(report->implementation),
            .claim = found->claim.bytes,
            .file = report->folder ? found->file.bytes : NULL,
            .judgement = &found->result.judgement,
            .again = found->again.bytes,
        };
    }
}

/* What was found happens once more, for a report that shows how. */
static void tell_stories(struct reporting *reporting)
{
    const struct run_options options = {.seed = EXPLORE_RUN_SEED};
    struct told_cell *cells = calloc(reporting->found_count + 1, sizeof *cells);
    for (size_t i = 0; cells && i < reporting->found_count; i++)
        cells[i] = (struct told_cell){reporting->found[i].plan, reporting->report->implementation};
    if (cells)
        stories_tell(&reporting->stories, cells, reporting->results + reporting->report->kept_count,
                     reporting->found_count, &options);
    free(cells);
}

/* What was cut short may have been about to break. */
static enum verdict verdict_of(const struct reporting *reporting)
{
    const struct explore_report *report = reporting->report;
    for (size_t i = 0; i < report->kept_count; i++)
        if (report->kept[i].judgement->whole == VERDICT_FAIL)
            return VERDICT_FAIL;
    if (reporting->found_count > 0)
        return VERDICT_FAIL;
    return report->is_cut_short ? VERDICT_UNKNOWN : VERDICT_PASS;
}

static int print(const struct reporting *reporting)
{
    const struct explore_report *options = reporting->report;
    struct buffer out = {0}, seeds = {0};
    struct json_writer json = {.out = &seeds};
    exploration_write(options->exploration, &json);
    const struct report report = {
        .results = reporting->results,
        .result_count = options->kept_count + reporting->found_count,
        .verdict = verdict_of(reporting),
        .program = program_invocation_name,
        .colour = output_wants_colour(options->output),
        .width = output_width(),
        .part = options->part,
        .exploration = &seeds,
    };
    if (options->part ||
        (options->output->format && strcmp(options->output->format, "json") == 0)) {
        report_json(&report, &out);
    } else {
        report_failures(&report, &out);
        print_tally(options, &out);
    }
    out.failed |= seeds.failed;
    int code = report.verdict == VERDICT_FAIL ? EXIT_REFUTED : EXIT_AS_CLAIMED;
    code = output_reports(options->output, &report, output_print(&out, code));
    buffer_free(&seeds);
    return code;
}

static void release(struct reporting *reporting)
{
    for (size_t i = 0; reporting->found && i < reporting->found_count; i++) {
        struct found *found = &reporting->found[i];
        plan_free(found->plan);
        buffer_free(&found->name);
        buffer_free(&found->title);
        buffer_free(&found->why);
        buffer_free(&found->source);
        buffer_free(&found->claim);
        buffer_free(&found->again);
        buffer_free(&found->file);
    }
    stories_free(&reporting->stories);
    free(reporting->found);
    free(reporting->results);
    choices_free(reporting->choices);
}

int explore_report_print(const struct explore_report *report)
{
    enum { KINDS = PROPERTY_COUNT * LAYER_COUNT };
    struct reporting reporting = {
        .report = report,
        .choices = choices_new(),
        .found = malloc(KINDS * sizeof *reporting.found),
        .results = calloc(KINDS + report->kept_count, sizeof *reporting.results),
    };
    int code = reporting.choices && reporting.found && reporting.results ? show_all(&reporting)
                                                                         : out_of_memory();
    if (code == EXIT_AS_CLAIMED) {
        fill_results(&reporting);
        if (output_wants(report->output, "html"))
            tell_stories(&reporting);
        code = print(&reporting);
    }
    release(&reporting);
    return code;
}
