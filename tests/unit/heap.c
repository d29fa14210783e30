// heap.c: the collected heap on its own: what is reachable stays, weak words are cleared, finalisers run once.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gc/heap.h"

typedef struct Node { struct Node *next; uintptr_t payload; } Node;

static HeapLists *lists;
static Node *root;
static uintptr_t weak_word;
static int finalized;

static void push_roots(void)
{
    heap_push_range(&root, &root + 1);
    heap_push_lists(lists);
}

static void after_mark(void)
{
    if (weak_word && !heap_is_marked((void *)~weak_word))
        weak_word = 0;
}

static int start(void **state)
{
    static const HeapHooks hooks = {push_roots, after_mark, NULL};
    HeapOptions options = {0};
    heap_init(&options, &hooks);
    lists = heap_alloc_root(sizeof *lists);
    memset(lists, 0, sizeof *lists);
    return 0;
}

// Makes `count` nodes in a frame of its own, so that no register keeps the last one.
static __attribute__((noinline)) Node *make_chain(int count)
{
    Node *first = NULL;
    for (int i = 0; i < count; i++) {
        Node *node = heap_alloc(lists, HEAP_SCANNED, sizeof *node);
        node->next = first;
        node->payload = (uintptr_t)i * 2 + 1;
        first = node;
    }
    return first;
}

static __attribute__((noinline)) void scrub_stack(void)
{
    volatile char room[16384];
    memset((void *)room, 0, sizeof room);
}

static void test_memory_is_zeroed(void **state)
{
    for (size_t bytes = 16; bytes <= 4096; bytes += 48) {
        char *p = heap_alloc(lists, HEAP_SCANNED, bytes);
        for (size_t i = 0; i < bytes; i++)
            assert_int_equal(p[i], 0);
    }
}

static void test_reachable_survives(void **state)
{
    enum { COUNT = 100000 };
    root = make_chain(COUNT);
    for (int i = 0; i < 5; i++) {
        make_chain(COUNT / 10);
        heap_collect();
    }
    int n = COUNT;
    for (Node *node = root; node; node = node->next)
        assert_int_equal(node->payload, (uintptr_t)--n * 2 + 1);
    assert_int_equal(n, 0);
}

static void test_weak_word_is_cleared(void **state)
{
    root = make_chain(1);
    weak_word = heap_hide(root);
    heap_collect();
    assert_ptr_equal(heap_reveal(&weak_word), root);
    root = NULL;
    for (int i = 0; i < 4 && weak_word; i++) {
        scrub_stack();
        heap_collect();
    }
    assert_null(heap_reveal(&weak_word));
}

static void finalize(void *object, void *data)
{
    finalized++;
}

static __attribute__((noinline)) void make_finalizable(int count)
{
    for (int i = 0; i < count; i++)
        heap_set_finalizer(make_chain(1), finalize, NULL);
}

static void test_finalizers_run_once(void **state)
{
    enum { COUNT = 50 };
    make_finalizable(COUNT);
    scrub_stack();
    for (int i = 0; i < 4; i++) {
        heap_collect();
        heap_run_finalizers();
    }
    assert_in_range(finalized, COUNT - 3, COUNT);   // a stale word may keep one or two
    int before = finalized;
    heap_finalize_all();
    assert_int_equal(finalized, COUNT);
    heap_finalize_all();
    assert_int_equal(finalized, COUNT);
    assert_true(before <= COUNT);
}

static void test_interior_pointer_on_stack_keeps_array(void **state)
{
    enum { WORDS = 100000 };
    uintptr_t *array = heap_alloc(lists, HEAP_ATOMIC, WORDS * sizeof *array);
    for (size_t i = 0; i < WORDS; i++)
        array[i] = i;
    uintptr_t *volatile middle = array + WORDS / 2;
    array = NULL;
    for (int i = 0; i < 3; i++) {
        heap_collect();
        memset(heap_alloc(lists, HEAP_ATOMIC, WORDS * sizeof *array), 0xee, WORDS * sizeof *array);
    }
    assert_int_equal(*middle, WORDS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_zeroed),
        cmocka_unit_test(test_reachable_survives),
        cmocka_unit_test(test_weak_word_is_cleared),
        cmocka_unit_test(test_finalizers_run_once),
        cmocka_unit_test(test_interior_pointer_on_stack_keeps_array),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
