#include "harness/replay/life_internal.h"

/* Times in bodies are milliseconds: 13 digits from 2001 to 2286. */
static bool is_time(const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= 1000000000000 &&
           json_integer_value(value) <= 9999999999999;
}

/* The latest time in a body that is not after `until_ms`; `latest` where there is none. */
static int64_t latest_time(const json_t *value, int64_t until_ms, int64_t latest)
{
    const char *key;
    json_t *member;
    if (is_time(value) && json_integer_value(value) <= until_ms &&
        json_integer_value(value) > latest)
        return json_integer_value(value);
    for (size_t i = 0; i < json_array_size(value); i++)
        latest = latest_time(json_array_get(value, i), until_ms, latest);
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        latest = latest_time(member, until_ms, latest);
    }
    return latest;
}

/*
 * No answer tells of what comes after it, so the epoch is at least the latest time in any answer
 * before its end; and `now` of a job's details is not before they were asked for, so it is at most
 * that. The middle of what is left is taken, which is a millisecond or two wide.
 */
static int64_t find_epoch_us(const struct transcript *transcript)
{
    int64_t least = 0, most = INT64_MAX;
    for (size_t i = 0; i < transcript->count; i++) {
        const struct transcript_exchange *exchange = &transcript->exchanges[i];
        const int64_t latest_ms = latest_time(exchange->body, INT64_MAX, 0);
        const int64_t now_ms = json_number_at(exchange->body, "now", 0);
        if (latest_ms > 0 && latest_ms * 1000 - exchange->done_us > least)
            least = latest_ms * 1000 - exchange->done_us;
        if (now_ms > 0 && now_ms * 1000 + 999 - exchange->sent_us < most)
            most = now_ms * 1000 + 999 - exchange->sent_us;
    }
    return most < INT64_MAX && most > least ? least + (most - least) / 2 : least;
}

int64_t life_time_us(const struct life *life, int64_t epoch_ms)
{
    return epoch_ms * 1000 - life->epoch_us;
}

void life_ask_at(struct life *life, size_t exchange, int64_t at_us)
{
    const struct transcript_exchange *asked = &life->transcript->exchanges[exchange];
    int64_t earliest_us = exchange > 0 ? life->asked_us[exchange - 1] : 0;
    if (earliest_us < asked->sent_us)
        earliest_us = asked->sent_us;
    if (at_us > asked->done_us)
        at_us = asked->done_us;
    life->asked_us[exchange] = at_us > earliest_us ? at_us : earliest_us;
}

void life_set_clock(struct life *life)
{
    life->epoch_us = find_epoch_us(life->transcript);
    for (size_t i = 0; i < life->transcript->count; i++) {
        const struct transcript_exchange *exchange = &life->transcript->exchanges[i];
        const int64_t done_ms = (exchange->done_us + life->epoch_us) / 1000;
        const int64_t told_ms = latest_time(exchange->body, done_ms, 0);
        /* To the end of that millisecond, so that all of it has happened. */
        life_ask_at(life, i, life_time_us(life, told_ms) + 999);
    }
}
