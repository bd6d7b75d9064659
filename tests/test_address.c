/* rooms: harness/live harness/control harness/observer harness/cluster harness/clients harness/implementations harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "harness/live/address.h"

#include "tests/support/test_prelude.h"

#include <string.h>

static void check_address(const char *text, const char *origin, const char *host, unsigned port,
                          const char *prefix)
{
    struct address address;
    const char *why;
    assert_true(address_read(text, &address, &why));
    assert_string_equal(address.origin, origin);
    assert_string_equal(address.host, host);
    assert_int_equal(address.port, port);
    assert_string_equal(address.prefix, prefix);
    address_free(&address);
}

static void check_refused(const char *text, const char *because)
{
    struct address address;
    const char *why;
    assert_false(address_read(text, &address, &why));
    assert_string_equal(why, because);
    assert_null(address.origin);
}

static void test_host_port_and_prefix_are_taken_apart(void **state)
{
    (void)state;
    check_address("http://127.0.0.1:8081", "http://127.0.0.1:8081", "127.0.0.1", 8081, "");
    check_address("http://flink.example.org/", "http://flink.example.org", "flink.example.org", 80,
                  "");
    check_address("http://h:1/proxy/flink//", "http://h:1", "h", 1, "/proxy/flink");
    check_address("http://[::1]:65535/a", "http://[::1]:65535", "::1", 65535, "/a");
    check_address("http://[fe80::1]", "http://[fe80::1]", "fe80::1", 80, "");
}

static void test_a_port_is_between_1_and_65535(void **state)
{
    (void)state;
    static const char why[] = "a port is a number from 1 to 65535";
    check_refused("http://h:0", why);
    check_refused("http://h:65536", why);
    check_refused("http://h:99999999999999999999", why);
    check_refused("http://h:", why);
    check_refused("http://h:80a", why);
    check_refused("http://h:-1/", why);
}

static void test_what_is_no_address_is_refused(void **state)
{
    (void)state;
    static const char why[] = "an address is http://HOST[:PORT][/PREFIX]";
    check_refused("", why);
    check_refused("localhost:8081", why);
    check_refused("http://", why);
    check_refused("http://:80", why);
    check_refused("http:///a", why);
    check_refused("http://[::1", why);
    check_refused("http://[::1]a:80", why);
    check_refused("http://[]:80", why);
    check_refused("ftp://h", why);
}

static void test_what_would_be_misunderstood_is_refused(void **state)
{
    (void)state;
    check_refused("https://h",
                  "https is not spoken here; give an address that begins with http://");
    check_refused("http://me:secret@h", "an address with a user's name in it is not understood");
    check_refused("http://h/?a", "an address has neither `?` nor `#`");
    check_refused("http://h#a", "an address has neither `?` nor `#`");
    check_refused("http://h/a b", "an address has no blanks, and no letters beyond ASCII");
    check_refused("http://h\r\nX: y", "an address has no blanks, and no letters beyond ASCII");
    check_refused("http://m\xc3\xbcller", "an address has no blanks, and no letters beyond ASCII");
}

static void test_this_machine_is_known_by_its_names_and_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_loopback;
    } cases[] = {
        {"http://127.0.0.1", true},    {"http://127.255.0.1:1", true},
        {"http://[::1]:8081", true},   {"http://LocalHost", true},
        {"http://128.0.0.1", false},   {"http://127.0.0.1.org", false},
        {"http://localhost.x", false}, {"http://127.1.org", false},
        {"http://[::2]", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct address address;
        const char *why;
        assert_true(address_read(cases[i].text, &address, &why));
        assert_int_equal(address_is_loopback(&address), cases[i].is_loopback);
        address_free(&address);
    }
}

static void make_and_copy(void *context, bool may_fail)
{
    (void)context;
    struct address address, copy = {0}, loopback = {0};
    const char *why;
    const bool made = address_read("http://h:8/p", &address, &why);
    const bool copied = made && address_copy(&address, &copy);
    const bool served = address_of_loopback(8081, &loopback);
    assert_true(may_fail || (made && copied && served));
    if (!made)
        assert_string_equal(why, "out of memory");
    if (copied)
        assert_string_equal(copy.prefix, "/p");
    if (served)
        assert_string_equal(loopback.origin, "http://127.0.0.1:8081");
    address_free(&address);
    address_free(&copy);
    address_free(&loopback);
}

static void test_lack_of_memory_leaves_nothing(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(make_and_copy, NULL) >= 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_host_port_and_prefix_are_taken_apart),
        cmocka_unit_test(test_a_port_is_between_1_and_65535),
        cmocka_unit_test(test_what_is_no_address_is_refused),
        cmocka_unit_test(test_what_would_be_misunderstood_is_refused),
        cmocka_unit_test(test_this_machine_is_known_by_its_names_and_numbers),
        cmocka_unit_test(test_lack_of_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
