//! The tables of conversations as this crate reads and writes them. No logic.

pub(crate) mod conversation;
pub(crate) mod member;
pub(crate) mod message;
pub(crate) mod participant;
