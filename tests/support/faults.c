/* Fails, kills or delays the N-th call of one kind below one folder; preloaded into the program under test. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long calls;

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

/* FAULT_DO is an errno, "kill", or "wait" (a second and a half). Whoever asks looks for the file FAULT_MARK. */
static int fault(const char *call, const char *path) {
    const char *folder = setting("FAULT_BELOW"), *act = setting("FAULT_DO");
    if (strcmp(call, setting("FAULT_CALL")) || !path || strncmp(path, folder, strlen(folder))) return 0;
    if (atomic_fetch_add(&calls, 1) + 1 != atol(setting("FAULT_NTH"))) return 0;
    FILE *mark = fopen(setting("FAULT_MARK"), "w");
    if (mark) fclose(mark);
    if (!strcmp(act, "kill")) {
        kill(getpid(), SIGKILL);
        pause();
    }
    if (!strcmp(act, "wait")) {
        usleep(1500000);
        return 0;
    }
    errno = atoi(act);
    return 1;
}

static int fault_of(const char *call, int file) {
    char link[64], path[4096];
    if (strcmp(call, setting("FAULT_CALL"))) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fault(call, path);
}

#define REAL(type, name, ...)                      \
    static type (*real)(__VA_ARGS__);              \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)

ssize_t write(int file, const void *bytes, size_t length) {
    REAL(ssize_t, write, int, const void *, size_t);
    return fault_of("write", file) ? -1 : real(file, bytes, length);
}

int fsync(int file) {
    REAL(int, fsync, int);
    return fault_of("fsync", file) ? -1 : real(file);
}

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    return fault("rename", to) ? -1 : real(from, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    REAL(int, linkat, int, const char *, int, const char *, int);
    return fault("link", to) ? -1 : real(from_folder, from, to_folder, to, flags);
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    return fault("unlink", path) ? -1 : real(path);
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    return fault("mkdir", path) ? -1 : real(path, mode);
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    REAL(int, open64, const char *, int, ...);
    return fault("open", path) ? -1 : real(path, flags, mode);
}
