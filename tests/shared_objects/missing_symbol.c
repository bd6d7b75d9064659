/* A shared object, and no implementation. */

int answer(void);

int answer(void)
{
    return 42;
}
