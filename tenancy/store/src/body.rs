//! Typed JSON bodies of records, jobs and outbox rows: written with a bound, read with an error
//! that names the row.

use serde::{Serialize, de::DeserializeOwned};

use crate::StoreError;

/// Bytes of one body as JSON text.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// The body as JSON.
pub(crate) fn write<T: Serialize>(what: &str, body: &T) -> Result<serde_json::Value, StoreError> {
    let value = serde_json::to_value(body).map_err(|error| inconsistent(what, &error))?;
    let bytes = value.to_string().len();
    if bytes > BODY_BYTES_MAX {
        return Err(StoreError::TooLarge {
            what: what.to_owned(),
            bytes,
        });
    }
    Ok(value)
}

/// The body out of JSON.
pub(crate) fn read<T: DeserializeOwned>(
    what: &str,
    value: serde_json::Value,
) -> Result<T, StoreError> {
    serde_json::from_value(value).map_err(|error| inconsistent(what, &error))
}

fn inconsistent(what: &str, error: &serde_json::Error) -> StoreError {
    StoreError::Inconsistent {
        what: what.to_owned(),
        why: error.to_string(),
    }
}
