//! The tables of this crate, and the columns of `member` that sign-in needs. Private: other crates
//! ask the functions.

pub(crate) mod assignment;
pub(crate) mod audit;
pub(crate) mod credential;
pub(crate) mod member_key;
pub(crate) mod session;
