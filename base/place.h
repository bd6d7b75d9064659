#ifndef FRESHCHECK_BASE_PLACE_H
#define FRESHCHECK_BASE_PLACE_H

/* A place in a text file that somebody else wrote. */
struct text_place {
    unsigned line;   /* from 1; 0: it has no place */
    unsigned column; /* from 1, in characters; 0: the whole line */
};

#endif
