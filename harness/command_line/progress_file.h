#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_PROGRESS_FILE_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_PROGRESS_FILE_H

#include <stdint.h>
#include <stdio.h>

#include "harness/command_line/progress.h"

/* Tells progress, in bytes, by what is read of files one after the other, each as often. */
struct progress_reading {
    struct progress *progress;
    unsigned times; /* how often each file is read */
    uint64_t done;  /* bytes, each as often as it was read; those of earlier files too */
};

/* The bytes of a file that reading it once gives; 0 where that is not known beforehand. */
uint64_t progress_file_size(const char *name);

/*
 * The same file, to be read from its beginning, where every read is told. Takes it over, unread;
 * `reading` outlives it. Returns the file itself where it cannot be had otherwise: then nothing is told.
 */
FILE *progress_file_open(FILE *file, struct progress_reading *reading);

#endif
