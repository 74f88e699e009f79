//! Conversations over both databases, through the verbs that the API calls.

#[cfg(test)]
mod conversations;
#[cfg(test)]
mod hearing;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod model;
#[cfg(test)]
mod office;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod sending;
#[cfg(test)]
mod syncing;
