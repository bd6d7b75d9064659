#include "mock_jobmanager/checkpoint_files.h"

#include <stdlib.h>

struct checkpoint_files {
    int none;
};

struct checkpoint_files *checkpoint_files_new(void)
{
    return calloc(1, sizeof(struct checkpoint_files));
}

void checkpoint_files_free(struct checkpoint_files *files)
{
    free(files);
}
