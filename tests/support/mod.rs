//! What the browser tests stand on: engines and drivers, a test host, a page to act on.

pub mod bib;
pub mod build;
pub mod driver;
pub mod engine;
pub mod fault;
pub mod golden;
pub mod host;
pub mod ledger;
pub mod page;
pub mod process;
pub mod program;
pub mod ranges;
pub mod response;
pub mod runner;
pub mod session;
pub mod single;
pub mod site;

/// The result of a test or of a step in one. Anything that can be shown converts into its error with `?`.
pub type Res<T = ()> = Result<T, libtest_mimic::Failed>;

/// Ends the test with a message.
#[macro_export]
macro_rules! fail {
    ($($arg:tt)*) => { return Err(libtest_mimic::Failed::from(format!($($arg)*))) };
}

/// Ends the test unless the two are equal; shows both with the words given.
#[macro_export]
macro_rules! same {
    ($left:expr, $right:expr, $($arg:tt)*) => {
        match (&$left, &$right) {
            (left, right) if left == right => {}
            (left, right) => $crate::fail!("{}\n   is: {left:?}\n want: {right:?}", format!($($arg)*)),
        }
    };
}

/// Ends the test unless the condition holds.
#[macro_export]
macro_rules! holds {
    ($condition:expr, $($arg:tt)*) => {
        // Not negated, so that numbers that are none fail.
        if $condition {} else { $crate::fail!($($arg)*); }
    };
}
