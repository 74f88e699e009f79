//! Conversations over both databases, through the verbs that the API calls.

mod conversations;
mod hearing;
mod model;
mod office;
mod reading;
mod sending;
mod syncing;
