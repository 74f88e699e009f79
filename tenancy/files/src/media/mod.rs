//! What is found out about bytes, and what is made of them: nothing here knows a tenant, a row or a
//! key.
//!
//! - [`sniff`]: the content type by the first bytes; nobody's word counts.
//! - [`check`]: one streaming pass over an object: hash, size, type, antivirus, and what is kept
//!   for the next step.
//! - [`picture`]: pictures encoded anew without metadata, thumbnails, blurs, avatars.
//! - [`video`]: poster, size and duration by ffmpeg, where it is installed.
//! - [`antivirus`]: clamd over its socket.
//! - [`zip`]: many streams as one zip stream.
//!
//! A worker calls them in this order: [`check::check`], then [`picture::Pictures::prepare`] for a
//! picture, or [`video::VideoTools`] for a video and [`picture::Pictures::prepare`] for its poster.
//! To read another type, add it to [`sniff`], and to [`picture`] where it is to be shown.

pub mod antivirus;
pub mod check;
pub mod picture;
pub mod sniff;
pub mod video;
pub mod zip;
