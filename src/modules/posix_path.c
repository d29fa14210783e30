// posix_path.c: fspath, and the text parts of posixpath that are worth doing natively.
#include "src/modules/posix.h"

static Value posix_fspath(Thread *t, const Value *args, size_t nargs)
{
    return os_fspath(t, args[0]);
}

// Collapses "//", "/./" and "a/../" in place of `out`, which has room for n + 1 characters. Units are bytes: separators
// and dots are ASCII, so UTF-8 passes through unharmed. Returns the length.
static size_t normalize(const char *s, size_t n, char *out)
{
    size_t length = 0, root = 0;
    if (n && s[0] == '/') {
        root = n > 1 && s[1] == '/' && !(n > 2 && s[2] == '/') ? 2 : 1;   // exactly two leading slashes are kept
        memset(out, '/', root);
        length = root;
    }
    for (size_t i = 0; i < n;) {
        while (i < n && s[i] == '/')
            i++;
        size_t start = i;
        while (i < n && s[i] != '/')
            i++;
        size_t part = i - start;
        if (!part || (part == 1 && s[start] == '.'))
            continue;
        if (part == 2 && s[start] == '.' && s[start + 1] == '.') {
            size_t last = length;
            while (last > root && out[last - 1] != '/')
                last--;
            bool above = length - last == 2 && out[last] == '.' && out[last + 1] == '.';
            if (length > root && !above) {
                length = last > root ? last - 1 : root;
                continue;
            }
            if (root)
                continue;
        }
        if (length > root)
            out[length++] = '/';
        memcpy(out + length, s + start, part);
        length += part;
    }
    if (!length)
        out[length++] = '.';
    return length;
}

static Value posix__path_normpath(Thread *t, const Value *args, size_t nargs)
{
    Value path = os_fspath(t, args[0]);
    if (!path)
        return 0;
    size_t n = 0;
    const char *s;
    if (is_str(path)) {
        s = str_fs(t, path, &n);
    } else {
        s = (const char *)as_bytes(path)->data;
        n = as_bytes(path)->length;
    }
    char *out = s ? new_atomic(t, n + 2) : NULL;
    if (!out)
        return 0;
    n = normalize(s, n, out);
    return is_str(path) ? str_from_fs(t, out, n) : bytes_new(t, out, n);
}

// (drive, root, tail): POSIX has no drives.
static Value posix__path_splitroot_ex(Thread *t, const Value *args, size_t nargs)
{
    Value path = os_fspath(t, args[0]);
    if (!path)
        return 0;
    size_t n, root = 0;
    if (is_str(path)) {
        const Str *s = as_str(path);
        n = s->length;
        if (n && str_at(s, 0) == '/')
            root = n > 1 && str_at(s, 1) == '/' && !(n > 2 && str_at(s, 2) == '/') ? 2 : 1;
        Value head = str_substring(t, path, 0, root), tail = str_substring(t, path, root, n);
        return head && tail ? tuple_of(t, 3, str_empty, head, tail) : 0;
    }
    const Bytes *b = as_bytes(path);
    n = b->length;
    if (n && b->data[0] == '/')
        root = n > 1 && b->data[1] == '/' && !(n > 2 && b->data[2] == '/') ? 2 : 1;
    Value head = bytes_new(t, b->data, root), tail = bytes_new(t, b->data + root, n - root);
    return head && tail ? tuple_of(t, 3, bytes_empty, head, tail) : 0;
}

const NativeDef posix_path_functions[] = {
    {"fspath", posix_fspath, "(path)", "Return the file system path representation of the object."},
    {"_path_normpath", posix__path_normpath, "(path)", "Normalize path, eliminating double slashes, etc."},
    {"_path_splitroot_ex", posix__path_splitroot_ex, "(p)", "Split a pathname into drive, root and tail."},
    {0},
};
