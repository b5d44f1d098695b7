//! Functions that assert, as tests of libtest-mimic.
#![allow(unused_macros, unused_imports, reason = "every test binary compiles its own copy and uses a part of it")]

use libtest_mimic::Trial;

/// A test that passes where `check` does not panic.
pub fn test(name: impl Into<String>, check: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        check();
        Ok(())
    })
}

/// A test of each of these functions, by its name.
macro_rules! functions {
    ($($check:ident),+ $(,)?) => { [$(crate::trials::test(stringify!($check), $check)),+] };
}
pub(crate) use functions;
