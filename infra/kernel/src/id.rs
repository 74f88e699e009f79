//! Typed ids: a UUIDv7 inside, a readable prefix outside (`mem_01h455vb4pex5vsknk084sn02q`, the
//! text form of the TypeID specification), so that a log can be read and an id of the wrong kind
//! cannot be passed.

use thiserror::Error;
use uuid::{Builder, Uuid};

use crate::{Clock, Rng};

/// Crockford's base32 in lower case, as TypeID uses it.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of 128 bits in base32.
const TEXT_LENGTH: usize = 26;

/// Why a text is no id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not an id that starts with {prefix}")]
pub struct IdError {
    /// What the id should start with, e.g. `mem_`.
    pub prefix: &'static str,
}

/// A new UUIDv7 out of a clock's milliseconds and a source of randomness.
#[must_use]
pub fn new_uuid(clock: &dyn Clock, rng: &dyn Rng) -> Uuid {
    let millis = u64::try_from(clock.now().timestamp_millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &rng.bytes::<10>()).into_uuid()
}

/// `prefix` and the 26 characters of `uuid`.
#[must_use]
pub fn encode(prefix: &str, uuid: Uuid) -> String {
    let bits = uuid.as_u128();
    let mut text = String::with_capacity(prefix.len() + TEXT_LENGTH);
    text.push_str(prefix);
    for place in (0..TEXT_LENGTH).rev() {
        let digit = ((bits >> (place * 5)) & 31) as usize;
        text.push(char::from(ALPHABET[digit]));
    }
    text
}

/// The UUID of a text made by [`encode`]; refuses everything that `encode` does not write.
///
/// # Errors
/// [`IdError`] when the prefix, the length or a character is wrong.
pub fn decode(prefix: &'static str, text: &str) -> Result<Uuid, IdError> {
    let error = IdError { prefix };
    let digits = text.strip_prefix(prefix).ok_or(error)?.as_bytes();
    if digits.len() != TEXT_LENGTH || digits[0] > b'7' {
        return Err(error);
    }
    digits
        .iter()
        .try_fold(0u128, |bits, byte| {
            let digit = ALPHABET.iter().position(|known| known == byte)?;
            Some((bits << 5) | digit as u128)
        })
        .map(Uuid::from_u128)
        .ok_or(error)
}

/// Declares an id type: `typed_id!(/// Docs. MemberId, "mem_");`. The type converts to and from its
/// text, serde and (through `sea_orm`, which the calling crate must depend on) a database value.
#[macro_export]
macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sea_orm::DeriveValueType)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// What the text form starts with.
            pub const PREFIX: &'static str = $prefix;

            /// A new id out of a context's clock and randomness.
            #[must_use]
            pub fn new(clock: &dyn $crate::Clock, rng: &dyn $crate::Rng) -> Self {
                Self($crate::id::new_uuid(clock, rng))
            }

            /// The bare UUID, for storage.
            #[must_use]
            pub fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::id::encode(Self::PREFIX, self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::id::IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::id::decode(Self::PREFIX, text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ManualClock, SeededRng};

    #[test]
    fn the_text_form_is_that_of_typeid() {
        // An example of the TypeID specification.
        let uuid = Uuid::from_u128(0x0188_0000_0000_7000_8000_0000_0000_0000);
        let text = encode("mem_", uuid);
        assert_eq!(decode("mem_", &text), Ok(uuid));
        assert_eq!(
            encode("", Uuid::from_u128(0x1890a5dac967b07a7c6fb24c0a7e1b9)).len(),
            26
        );
        assert_eq!(encode("", Uuid::nil()), "00000000000000000000000000");
        assert_eq!(encode("", Uuid::max()), "7zzzzzzzzzzzzzzzzzzzzzzzzz");
    }

    #[test]
    fn a_foreign_or_broken_text_is_refused() {
        let id = encode(
            "mem_",
            new_uuid(&ManualClock::default(), &SeededRng::new(1)),
        );
        assert!(decode("tnt_", &id).is_err());
        assert!(decode("mem_", &id[..id.len() - 1]).is_err());
        assert!(decode("mem_", "mem_8zzzzzzzzzzzzzzzzzzzzzzzzz").is_err());
        assert!(decode("mem_", "mem_0000000000000000000000000u").is_err());
    }

    #[test]
    fn ids_of_later_times_sort_later() {
        let (clock, rng) = (ManualClock::default(), SeededRng::new(1));
        let earlier = new_uuid(&clock, &rng);
        clock.advance(chrono::Duration::milliseconds(1));
        assert!(encode("", new_uuid(&clock, &rng)) > encode("", earlier));
    }
}
