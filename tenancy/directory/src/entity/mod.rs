//! The tables of this crate. Private: other crates ask the functions.

pub(crate) mod department;
pub(crate) mod member;
pub(crate) mod member_key;
pub(crate) mod placement;
