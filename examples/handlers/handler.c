/* A handler for r8scan in C: one event a line on standard input, one verdict a line on standard output. It writes down
 * which tokens leaked, by their hashes, in leaks.txt or the file that its argument names.
 *   cc -O2 -o handler handler.c && r8scan git --on-finding exec:./handler
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    static const char key[] = "\"token_sha256\":\"";
    const char *file = argc > 1 ? argv[1] : "leaks.txt";
    FILE *log = fopen(file, "a");
    char *event = NULL;
    size_t room = 0;
    if (log == NULL) {
        perror(file);
        return 1;
    }
    while (getline(&event, &room, stdin) > 0) {
        const char *hash = strstr(event, key);
        if (hash == NULL) {
            puts("{\"status\":\"failed\",\"message\":\"an event without a hash\"}");
        } else {
            hash += sizeof key - 1;
            fprintf(log, "leaked: %.*s\n", (int)strcspn(hash, "\""), hash);
            fflush(log);
            puts("{\"status\":\"ok\",\"message\":\"written down\"}");
        }
        fflush(stdout); /* else the answer would wait in a buffer, and r8scan for it */
    }
    free(event);
    return fclose(log) == 0 ? 0 : 1;
}
