// Takes more memory than there is, page by page with a pattern of its own, and checks all of it: what was swapped out must
// come back. Usage: hog MEBIBYTES. Not: a measurement.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { WORDS = 512 };

static uint64_t word(uint64_t page, unsigned i)
{
    return (page * WORDS + i + 1) * 0x9e3779b97f4a7c15u;
}

int main(int argc, char **argv)
{
    uint64_t pages = argc > 1 ? strtoull(argv[1], NULL, 10) << 8 : 0;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    uint64_t *memory = mmap(NULL, pages << 12, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (pages == 0 || memory == MAP_FAILED)
        return 2;
    for (uint64_t page = 0; page < pages; page++)
        for (unsigned i = 0; i < WORDS; i++)
            memory[page * WORDS + i] = word(page, i);
    for (uint64_t page = 0; page < pages; page++)
        for (unsigned i = 0; i < WORDS; i++)
            if (memory[page * WORDS + i] != word(page, i)) {
                printf("page %llu is wrong\n", (unsigned long long)page);
                return 1;
            }
    return 0;
}
