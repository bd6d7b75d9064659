#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_DATA_FOLDER_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_DATA_FOLDER_H

#include <limits.h>

struct data_folder {
    char path[PATH_MAX];
};

/*
 * data_folder_find - the folder `name` (such as "scenarios/museum") that comes with freshcheck.
 *
 * That is `name` in the working folder where it is there, else ../share/freshcheck/`name` beside the
 * folder that the program lies in. So an installed tree can be moved, and needs no path of the
 * machine that built it. Whether the second is there is for whoever opens it to see and to say.
 */
void data_folder_find(const char *name, struct data_folder *folder);

#endif
