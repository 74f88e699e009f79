//! Whole-system tests and their harness; unit tests stay beside the code.

pub mod service;
