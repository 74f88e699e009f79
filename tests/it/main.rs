//! The whole system, from outside: one binary, one file a subject, each test in both columns.

#![expect(
    clippy::expect_used,
    reason = "a test fails where it panics, its helpers too"
)]

/// Runs one body as `embedded::name` and `scaled::name`.
macro_rules! both_columns {
    ($($(#[$doc:meta])* $name:ident)+) => {
        mod embedded {
            $($(#[$doc])* #[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(hansa_tests::Column::Embedded).await; })+
        }
        mod scaled {
            $($(#[$doc])* #[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(hansa_tests::Column::Scaled).await; })+
        }
    };
}

mod doctor;
mod durability;
mod edge;
mod files;
mod hot_path;
mod isolation;
mod journey;
