//! The edge as its clients meet it: a real server on a free port, real HTTP and real sockets.

#[cfg(test)]
mod fanout;
#[cfg(test)]
mod http;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod node;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod world;
