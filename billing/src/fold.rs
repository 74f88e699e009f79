//! Folds a ledger into what a tenant may use now. A pure function of the set of events: neither the
//! order of their arrival nor a second arrival changes the value (DESIGN.md 10).

use std::collections::BTreeMap;

use tenancy_model::EntitlementsSnapshot;

use crate::{Issuer, LedgerBody, LedgerEvent};

/// The value in force. The last term of the highest issuer counts; an empty ledger allows nothing.
///
/// An issuer that used one order for two different events broke its own rule; the greater seats win
/// then, so that the value still does not depend on arrival.
#[must_use]
pub fn fold(events: &[LedgerEvent]) -> EntitlementsSnapshot {
    let mut ordered: BTreeMap<(Issuer, i64), &LedgerBody> = BTreeMap::new();
    for event in events {
        let body = ordered
            .entry((event.issuer, event.order))
            .or_insert(&event.body);
        if terms(&event.body) > terms(body) {
            *body = &event.body;
        }
    }
    let version = i64::try_from(ordered.len()).unwrap_or(i64::MAX);
    let nothing = EntitlementsSnapshot {
        version,
        seats: 0,
        ends_at: None,
        trial: false,
        storage_bytes: 0,
    };
    ordered.into_values().fold(nothing, apply)
}

fn apply(before: EntitlementsSnapshot, body: &LedgerBody) -> EntitlementsSnapshot {
    let (seats, ends_at, trial, storage_bytes) = match body {
        LedgerBody::Trial {
            seats,
            ends_at,
            storage_bytes,
        } => (*seats, Some(*ends_at), true, *storage_bytes),
        LedgerBody::License {
            seats,
            ends_at,
            storage_bytes,
        } => (*seats, *ends_at, false, *storage_bytes),
    };
    EntitlementsSnapshot {
        seats,
        ends_at,
        trial,
        storage_bytes,
        ..before
    }
}

/// A total order of bodies, for events that claim the same place.
fn terms(body: &LedgerBody) -> (u32, bool, i64, u64) {
    let micros = |at: &kernel::Instant| at.timestamp_micros();
    match body {
        LedgerBody::Trial {
            seats,
            ends_at,
            storage_bytes,
        } => (*seats, false, micros(ends_at), *storage_bytes),
        LedgerBody::License {
            seats,
            ends_at,
            storage_bytes,
        } => {
            let end = ends_at.as_ref().map_or(i64::MAX, micros);
            (*seats, true, end, *storage_bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> kernel::Instant {
        DateTime::from_timestamp(1_767_225_600 + seconds, 0).unwrap()
    }

    fn event(issuer: Issuer, order: i64, body: LedgerBody) -> LedgerEvent {
        LedgerEvent {
            issuer,
            order,
            body,
        }
    }

    fn license(seats: u32) -> LedgerBody {
        LedgerBody::License {
            seats,
            ends_at: None,
            storage_bytes: 100 * crate::GIB,
        }
    }

    fn any_event() -> impl Strategy<Value = LedgerEvent> {
        let issuer = prop_oneof![Just(Issuer::Signup), Just(Issuer::Operator)];
        let trial =
            (0u32..100, 0i64..50, 0u64..4).prop_map(|(seats, end, gib)| LedgerBody::Trial {
                seats,
                ends_at: at(end),
                storage_bytes: gib * crate::GIB,
            });
        let license = (0u32..100, proptest::option::of(0i64..50)).prop_map(|(seats, end)| {
            LedgerBody::License {
                seats,
                ends_at: end.map(at),
                storage_bytes: u64::from(seats) * crate::GIB,
            }
        });
        (issuer, 0i64..8, prop_oneof![trial, license])
            .prop_map(|(issuer, order, body)| event(issuer, order, body))
    }

    /// A ledger, and the same events in another order with some of them twice.
    fn two_arrivals() -> impl Strategy<Value = (Vec<LedgerEvent>, Vec<LedgerEvent>)> {
        proptest::collection::vec(any_event(), 0..12).prop_flat_map(|events| {
            let again = proptest::sample::subsequence(events.clone(), 0..=events.len());
            (Just(events), again).prop_flat_map(|(events, again)| {
                let all: Vec<_> = events.iter().cloned().chain(again).collect();
                (Just(events), Just(all).prop_shuffle())
            })
        })
    }

    proptest! {
        #[test]
        fn neither_order_nor_repetition_changes_the_value((once, mixed) in two_arrivals()) {
            prop_assert_eq!(fold(&once), fold(&mixed));
        }

        #[test]
        fn the_version_grows_with_every_new_event(
            events in proptest::collection::vec(any_event(), 0..8),
        ) {
            let more = event(Issuer::Operator, 99, license(1));
            let before = fold(&events).version;
            let after: Vec<_> = events.into_iter().chain([more]).collect();
            prop_assert_eq!(fold(&after).version, before + 1);
        }
    }

    /// covers: LIC-02
    #[test]
    fn a_licence_takes_the_place_of_the_trial_even_when_it_was_there_first() {
        let trial = event(
            Issuer::Signup,
            1,
            LedgerBody::Trial {
                seats: 50,
                ends_at: at(0),
                storage_bytes: 10 * crate::GIB,
            },
        );
        let license = event(Issuer::Operator, 1, license(200));
        assert!(fold(std::slice::from_ref(&trial)).trial);
        let both = fold(&[license, trial]);
        assert_eq!((both.seats, both.ends_at, both.trial), (200, None, false));
        assert_eq!(both.storage_bytes, 100 * crate::GIB);
    }

    #[test]
    fn an_event_from_before_storage_was_counted_has_ten_gibibytes() {
        let old = r#"{"kind":"license","seats":5,"ends_at":null}"#;
        let body: LedgerBody = serde_json::from_str(old).unwrap();
        let value = fold(&[event(Issuer::Operator, 1, body)]);
        assert_eq!(value.storage_bytes, 10 * crate::GIB);
    }

    #[test]
    fn an_empty_ledger_allows_nothing() {
        let nothing = fold(&[]);
        assert_eq!((nothing.version, nothing.seats), (0, 0));
        assert_eq!(nothing.storage_bytes, 0);
    }
}
