//! The whole system, from outside: one binary, one file a subject, each test in both columns.



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
pub(crate) use both_columns;

mod journey;
