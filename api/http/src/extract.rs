//! From an HTTP request to who may be asking: the address, the cookies and headers of a session,
//! and whether the page that sent it is one of ours. Nothing here looks anything up.

pub mod caller;
pub mod client_ip;
pub mod cookie;
pub mod origin;
