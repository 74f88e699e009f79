//! Typed ids ↔ GraphQL ID. A text that is no id of the wanted kind is answered like one that does
//! not exist: ids from outside are guesses (DESIGN.md 2).

use std::{fmt::Display, str::FromStr};

use async_graphql::ID;
use tenancy_model::ErrorCode;

use crate::error::fault;

/// The id inside a GraphQL ID.
///
/// # Errors
/// `NOT_FOUND` when it is not an id of this kind.
pub(crate) fn parse<T: FromStr>(id: &ID) -> async_graphql::Result<T> {
    id.parse().map_err(|_| fault(ErrorCode::NotFound))
}

/// The GraphQL ID of an id.
pub(crate) fn print(id: impl Display) -> ID {
    ID(id.to_string())
}
