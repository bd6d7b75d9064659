#include "harness/command_line/fail_on.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { WORD_MAX = 32 /* longer than any */, FAIL_ON_NAMES = 4 };

/* False, after one sentence, when it is none. *nothing: it is `none`. */
static bool take_word(const char *word, struct fail_on *fail_on, bool *nothing)
{
    enum property property;
    if (strcmp(word, "unexpected") == 0)
        fail_on->unexpected = true;
    else if (strcmp(word, "any") == 0)
        fail_on->any = fail_on->unexpected = true;
    else if (strcmp(word, "unknown") == 0)
        fail_on->unknown = true;
    else if (strcmp(word, "none") == 0)
        *nothing = true;
    else if (property_find(word, &property))
        fail_on->properties[property] = true;
    else
        return false;
    return true;
}

static bool complain(const char *word)
{
    const char *names[FAIL_ON_NAMES + PROPERTY_COUNT] = {"unexpected", "any", "none", "unknown"};
    memcpy(names + FAIL_ON_NAMES, property_ids(), PROPERTY_COUNT * sizeof *names);
    const char *near = text_nearest(word, names, FAIL_ON_NAMES + PROPERTY_COUNT);
    fprintf(stderr,
            "freshcheck: --fail-on takes unexpected, any, unknown, none or properties, not "
            "'%s'%s%s%s\n",
            word, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return false;
}

const char *fail_on_text(const char *given, bool strict)
{
    if (given && strict) {
        fputs("freshcheck: --strict is short for --fail-on any; give one of them\n", stderr);
        return NULL;
    }
    return given ? given : strict ? "any" : "unexpected";
}

bool fail_on_read(const char *text, struct fail_on *fail_on)
{
    bool nothing = false;
    size_t count = 0;
    *fail_on = (struct fail_on){0};
    for (const char *at = text; at; count++) {
        const size_t length = strcspn(at, ",");
        char word[WORD_MAX];
        snprintf(word, sizeof word, "%.*s", (int)(length < WORD_MAX ? length : WORD_MAX), at);
        if (!take_word(word, fail_on, &nothing))
            return complain(word);
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    if (!nothing || count == 1)
        return true;
    fputs("freshcheck: --fail-on none goes with nothing else\n", stderr);
    return false;
}

bool fail_on_result(const struct fail_on *fail_on, const struct report_result *result)
{
    if (result->skipped || result->failure)
        return false;
    const struct judgement *judgement = result->judgement;
    if (fail_on->unexpected && report_needs_attention(result))
        return true;
    if ((fail_on->any && judgement->whole == VERDICT_FAIL) ||
        (fail_on->unknown && judgement->whole == VERDICT_UNKNOWN))
        return true;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (fail_on->properties[i] && judgement->claim.claimed[i] &&
            judgement->properties[i].verdict == VERDICT_FAIL)
            return true;
    }
    return false;
}
