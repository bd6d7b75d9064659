#include "harness/command_line/data_folder.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void cut_last_part(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
}

void data_folder_find(const char *name, struct data_folder *folder)
{
    char program[PATH_MAX] = "";
    if (access(name, R_OK) == 0) {
        snprintf(folder->path, sizeof folder->path, "%s", name);
        return;
    }
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    cut_last_part(program);
    cut_last_part(program); /* /usr/bin/freshcheck: /usr */
    const int needed =
        snprintf(folder->path, sizeof folder->path, "%s/share/freshcheck/%s", program, name);
    if (needed < 0 || (size_t)needed >= sizeof folder->path)
        snprintf(folder->path, sizeof folder->path, "%s", name);
}
