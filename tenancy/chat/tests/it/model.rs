//! Runs a property over a database: many cases of random actions, shrunk to the shortest that
//! fails.

use std::future::Future;

use proptest::{
    prelude::Strategy,
    test_runner::{Config, TestCaseError, TestRunner},
};
use tokio::runtime::Handle;

/// Runs `case` with `cases` values of `strategy`, inside the runtime of the test.
pub(crate) fn check<S, F>(cases: u32, strategy: &S, case: impl Fn(S::Value) -> F)
where
    S: Strategy,
    F: Future<Output = Result<(), TestCaseError>>,
{
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let ran = TestRunner::new(config).run(strategy, |value| {
        tokio::task::block_in_place(|| Handle::current().block_on(case(value)))
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
}
