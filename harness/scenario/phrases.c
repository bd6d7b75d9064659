#include <inttypes.h>
#include <string.h>

#include "harness/scenario/scenario_internal.h"

/* Phrases: texts of the scenario language that are read word by word. */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool ends_word(char c)
{
    return c == '\0' || c == ',' || is_blank(c);
}

static void skip_blanks(struct phrase *phrase)
{
    while (is_blank(*phrase->rest))
        phrase->rest++;
}

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (!ends_word(text[length]))
        length++;
    return length;
}

void phrase_begin(struct phrase *phrase, struct loader *loader, const struct node *node)
{
    *phrase = (struct phrase){.loader = loader, .node = node, .rest = node->text};
    skip_blanks(phrase);
}

size_t phrase_place(const struct phrase *phrase)
{
    if (phrase->node->verbatim_at == NOT_VERBATIM)
        return phrase->node->at;
    return phrase->node->verbatim_at + (size_t)(phrase->rest - phrase->node->text);
}

bool phrase_words(struct phrase *phrase, const char *words)
{
    const char *text = phrase->rest;
    for (;;) {
        size_t length = strcspn(words, " ");
        if (phrase->wrong || strncmp(text, words, length) != 0)
            return false;
        text += length;
        words += length;
        /* A word of ours that ends in a comma needs nothing behind it. */
        if (words[-1] != ',' && !ends_word(*text))
            return false;
        while (is_blank(*text))
            text++;
        if (*words == '\0')
            break;
        words++;
    }
    phrase->rest = text;
    return true;
}

bool phrase_at_end(struct phrase *phrase)
{
    return phrase->wrong || *phrase->rest == '\0';
}

bool phrase_number_follows(struct phrase *phrase)
{
    return !phrase->wrong && *phrase->rest >= '0' && *phrase->rest <= '9';
}

static void complain_here(struct phrase *phrase, const char *expected)
{
    if (phrase->wrong)
        return;
    phrase->wrong = true;
    struct loader *loader = phrase->loader;
    if (*phrase->rest == '\0')
        complain(loader, phrase_place(phrase), "expected %s, found the end of the phrase",
                 expected);
    else
        complain(loader, phrase_place(phrase), "expected %s, found %s", expected,
                 shown(loader, phrase->rest, strlen(phrase->rest)));
}

void phrase_want_id(struct phrase *phrase, int64_t *id)
{
    const char *text = phrase->rest;
    int64_t number = 0;
    bool fits = true;
    for (; *text >= '0' && *text <= '9'; text++) {
        int64_t digit = *text - '0';
        fits = fits && number <= (INT64_MAX - digit) / 10;
        number = fits ? number * 10 + digit : number;
    }
    if (text == phrase->rest || !ends_word(*text) || !fits || number < 1) {
        complain_here(phrase, "a checkpoint id from 1 to 9223372036854775807");
        return;
    }
    if (phrase->wrong)
        return;
    *id = number;
    phrase->rest = text;
    skip_blanks(phrase);
}

void phrase_want_duration(struct phrase *phrase, int64_t *us)
{
    const char *rest = duration_read(phrase->rest, us);
    if (!rest || !ends_word(*rest)) {
        complain_here(phrase, "a duration, such as `300 ms` or `1.5 s`");
        return;
    }
    if (phrase->wrong)
        return;
    phrase->rest = rest;
    skip_blanks(phrase);
}

void phrase_want_job(struct phrase *phrase, size_t *job)
{
    size_t length = word_length(phrase->rest);
    if (length == 0) {
        complain_here(phrase, "the name of a job");
        return;
    }
    if (phrase->wrong)
        return;
    if (!plan_job_find(phrase->loader, phrase->rest, length, phrase_place(phrase), job)) {
        phrase->wrong = true;
        return;
    }
    phrase->rest += length;
    skip_blanks(phrase);
}

void phrase_want_words(struct phrase *phrase, const char *words)
{
    if (!phrase_words(phrase, words))
        complain_here(phrase, shown(phrase->loader, words, strlen(words)));
}

const char *phrase_want_rest(struct phrase *phrase, const char *expected)
{
    if (phrase->wrong)
        return NULL;
    size_t length = strlen(phrase->rest);
    while (length != 0 && is_blank(phrase->rest[length - 1]))
        length--;
    if (length == 0) {
        complain_here(phrase, expected);
        return NULL;
    }
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)phrase->rest[i] < ' ' || phrase->rest[i] == 0x7f) {
            complain_here(phrase, expected);
            return NULL;
        }
    }
    const char *text = arena_text(phrase->loader->kept, phrase->rest, length);
    phrase->rest += strlen(phrase->rest);
    return text;
}

bool phrase_end(struct phrase *phrase)
{
    if (!phrase->wrong && *phrase->rest != '\0')
        complain_here(phrase, "the end of the phrase");
    return !phrase->wrong;
}

bool key_is_time(const struct node *key)
{
    return strncmp(key->text, "at", 2) == 0 && ends_word(key->text[2]);
}

bool key_time(struct loader *loader, const struct node *key, int64_t *at_us)
{
    struct phrase phrase;
    phrase_begin(&phrase, loader, key);
    phrase_want_words(&phrase, "at");
    phrase_want_duration(&phrase, at_us);
    return phrase_end(&phrase);
}

void phrases_each(struct loader *loader, const struct node *value,
                  void (*read)(struct loader *loader, const struct node *node, void *context),
                  void *context)
{
    const char *expected = "a phrase, or a list of phrases";
    if (value->kind != NODE_LIST) {
        if (is_text(loader, value, expected))
            read(loader, value, context);
        return;
    }
    if (value->count == 0)
        complain(loader, value->at, "expected %s, found an empty list", expected);
    for (const struct node *item = value->first; item; item = item->next)
        if (is_text(loader, item, "a phrase"))
            read(loader, item, context);
}

bool count_planned(struct loader *loader, const struct node *node)
{
    loader->planned_count++;
    if (loader->planned_count == PLANNED_MAX + 1)
        complain(loader, node->at, "more than %d events and steps; a scenario is meant to be read",
                 PLANNED_MAX);
    return loader->planned_count <= PLANNED_MAX;
}
