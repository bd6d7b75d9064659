#include "harness/scenario/museum.h"

#include <ctype.h>
#include <string.h>

#include "harness/scenario/scenario_internal.h"

/* `museum:` the label of a case, whole or not at all. */

static const char *const hall_names[] = {
#define X(name, text, heading) text,
    MUSEUM_HALL_MAP(X)
#undef X
};

static const char *const hall_headings[] = {
#define X(name, text, heading) heading,
    MUSEUM_HALL_MAP(X)
#undef X
};

static const char *const evidence_names[] = {
#define X(name, text) text,
    MUSEUM_EVIDENCE_MAP(X)
#undef X
};

const char *museum_hall_name(enum museum_hall hall)
{
    return hall_names[hall];
}

const char *museum_hall_heading(enum museum_hall hall)
{
    return hall_headings[hall];
}

const char *museum_evidence_name(enum museum_evidence evidence)
{
    return evidence_names[evidence];
}

static const struct field label_fields[] = {
    {"number", VALUE_TEXT, offsetof(struct museum_label, number)},
    {"hall", VALUE_NODE, 0},
    {"evidence", VALUE_NODE, 0},
};
enum { NUMBER, HALL, EVIDENCE, LABEL_FIELDS };

static const struct shape label_shape = {
    .what = "a label of the museum",
    .fields = label_fields,
    .count = LABEL_FIELDS,
};

/* A letter, a dash, two digits: they are put in order as texts. */
static bool is_number(const char *text)
{
    return isupper((unsigned char)text[0]) && text[1] == '-' && isdigit((unsigned char)text[2]) &&
           isdigit((unsigned char)text[3]) && text[4] == '\0';
}

/* The index of a name; complains and gives 0 when it is none. */
static size_t choose_name(struct loader *loader, const struct node *node, const char *what,
                          const char *const *names, size_t count)
{
    if (!is_text(loader, node, what))
        return 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], node->text) == 0)
            return i;
    }
    complain(loader, node->at, "%s is not %s%s", shown_node(loader, node), what,
             suggestion(loader, node->text, node->length, names, count));
    return 0;
}

void museum_read(struct loader *loader, const struct node *node)
{
    const struct node *given[FIELDS_MAX];
    struct museum_label *label = arena_zeroed(loader->kept, 1, sizeof(*label));
    if (!label || !map_read(loader, node, &label_shape, label, given, NULL))
        return;
    for (size_t i = 0; i < LABEL_FIELDS; i++) {
        if (!given[i])
            complain(loader, node->at, "a label of the museum needs `%s`", label_fields[i].name);
    }
    if (label->number && !is_number(label->number))
        complain(loader, given[NUMBER]->at, "expected a number such as `R-02`, found %s",
                 shown_node(loader, given[NUMBER]));
    if (given[HALL])
        label->hall = (enum museum_hall)choose_name(loader, given[HALL], "a hall of the museum",
                                                    hall_names, MUSEUM_HALL_COUNT);
    if (given[EVIDENCE])
        label->evidence = (enum museum_evidence)choose_name(
            loader, given[EVIDENCE], "a kind of evidence", evidence_names, MUSEUM_EVIDENCE_COUNT);
    loader->plan->museum = label;
}
