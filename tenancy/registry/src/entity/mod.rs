//! The control database's tables that only this crate reads and writes. No logic.

pub(crate) mod host_name_rest;
pub(crate) mod member;
pub(crate) mod platform_account;
pub(crate) mod platform_session;
pub(crate) mod setting;
pub(crate) mod signup;
