#include "harness/control/control_internal.h"

static const struct {
    const char *name, *text;
} kinds[] = {
#define X(name, text) {#name, text},
    JOURNAL_MAP(X)
#undef X
};

static void write_call(struct json_writer *json, const struct journal_entry *entry)
{
    json_key(json, "fetch");
    json_uint64(json, entry->fetch);
    json_member_text(json, "call", fetch_kind_name(entry->call));
    if (entry->kind == JOURNAL_CALL_ENDED)
        json_member_text(json, "outcome", fetch_outcome_name(entry->outcome));
    if (entry->kind == JOURNAL_CALL_SENT)
        return;
    json_key(json, "version");
    json_uint64(json, entry->version);
}

static void write_checkpoint(struct json_writer *json, const struct journal_entry *entry)
{
    json_member_int64(json, "checkpoint", entry->checkpoint);
    json_member_bool(json, "is_savepoint", entry->is_savepoint);
    json_member_int64(json, "trigger_timestamp", entry->trigger_ms);
    json_member_text(json, "external_path", entry->path);
}

static void write_line(const struct control *control, struct json_writer *json, uint64_t number)
{
    const struct journal_entry *entry = journal_ring_at(control->journal, number);
    char id[ID_DIGITS + 1];
    id_format(entry->job_id, id);
    json_begin_object(json);
    json_key(json, "line");
    json_uint64(json, number);
    json_member_int64(json, "at_us", entry->at_us);
    json_member_text(json, "kind", kinds[entry->kind].name);
    json_member_text(json, "what", kinds[entry->kind].text);
    json_member_text(json, "job", entry->job == SIZE_MAX ? NULL : id);
    json_key(json, "run");
    json_uint64(json, entry->run);
    if (entry->kind >= JOURNAL_CALL_SENT)
        write_call(json, entry);
    else if (entry->kind == JOURNAL_STATE)
        json_member_text(json, "state", job_status_name(entry->state));
    else if (entry->kind != JOURNAL_RUN_BEGAN)
        write_checkpoint(json, entry);
    json_end_object(json);
}

bool call_show_journal(struct asking *asking)
{
    const struct journal_ring *journal = asking->control->journal;
    const struct numbered_lines lines = {journal_ring_first(journal), journal_ring_next(journal),
                                         write_line};
    return answer_lines(asking, &lines);
}
