//! The two databases. Everything that differs between them and is not a query lives here.

pub(crate) mod postgres;
pub(crate) mod script;
pub(crate) mod sqlite;
