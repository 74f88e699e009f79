//! Rows as this crate reads and writes them.

pub mod file;
pub mod file_entry;
pub mod member;
pub mod participant;
pub mod upload;
