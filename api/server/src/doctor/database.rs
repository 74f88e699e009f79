//! The control database and every shard: reachable, writable, durable, walled, in time.

use tenancy_store::{Fact, examine};

use super::{Check, machine};
use crate::{Options, RootConfig};

pub(super) async fn check(config: &RootConfig, options: &Options) -> Vec<Check> {
    if config.database.url.is_empty() && !machine::is_ours(&config.data) {
        return Vec::new();
    }
    let facts = examine(&config.database, &config.data, &*options.clock).await;
    facts.into_iter().map(of_fact).collect()
}

fn of_fact(fact: Fact) -> Check {
    let code = format!("database.{}", fact.name.replace('_', "-"));
    let what = match fact.name {
        // The rest is a setting and its value.
        "reachable" => format!("{}: {}", fact.database, fact.value),
        name => format!("{}: {name} {}", fact.database, fact.value),
    };
    let is_warning = fact.is_warning();
    match fact.refusal {
        None => Check::ok(&code, what),
        Some(remedy) if is_warning => Check::warn(&code, what, remedy),
        Some(remedy) => Check::fail(&code, what, remedy),
    }
}
