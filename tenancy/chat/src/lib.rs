//! Conversations: who is in them, what they said, how far everybody has read.
//!
//! | file | what |
//! | --- | --- |
//! | `direct.rs`, `conversation.rs` | open, get and list; [`Conversation`] as one member sees it |
//! | `send.rs`, `commit.rs` | [`Chat::send`] over the group commit |
//! | `attachments.rs` | the files and the folder of a message |
//! | `entry.rs`, `entries.rs` | the log: pages of history, gaps, last entries |
//! | `read_mark.rs` | how far a member has read; unread counts follow from it |
//! | `sync.rs`, `heads.rs` | catching up after a disconnection, and noticing that one has to |
//! | `membership.rs`, `audience.rs` | who may read which part of a log; who hears an event |
//! | `presence.rs` | who is connected; never SQL |
//!
//! The log of a conversation is the truth: gapless `seq`, `count_to` counts the messages up to and
//! including an entry, unread is a difference of counts (DESIGN.md 3). An event is a hint,
//! published after the commit; whoever misses it finds the gap by its sequence.
//!
//! **To add a verb**: a file named after it with input, function and tests; it begins with
//! `ctx.require_member()`, finds the conversation through an open interval of that member
//! (everything else is `NOT_FOUND`), commits, and publishes last. What appends to a log goes
//! through `commit.rs`.
#![deny(missing_docs)]

mod attachments;
mod audience;
mod commit;
mod conversation;
mod direct;
mod entity;
mod entries;
mod entry;
mod heads;
mod membership;
mod presence;
mod read_mark;
mod send;
mod sync;

pub use attachments::{SendFiles, SendFolder};
pub use audience::{Audience, Memberships};
pub use commit::Chat;
pub use conversation::{Conversation, get, list, summaries};
pub use direct::{OpenDirectInput, open_direct};
pub use entries::{
    EntriesInput, EntriesPage, EntryRange, entries, entries_after, find_entry, last_entries,
};
pub use entry::Entry;
pub use heads::{MemberHead, digest_text, heads, heads_digest, heads_of_members};
pub use membership::participants;
pub use presence::Presence;
pub use read_mark::{ReadMarkInput, move_read_mark};
pub use send::{SendInput, Sent};
pub use sync::{SyncInput, SyncPage, sync};
