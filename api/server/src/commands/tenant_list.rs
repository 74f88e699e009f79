//! `hansa tenant list`: one page of tenants, a line each.

use std::collections::HashMap;

use clap::Args;
use tenancy_model::{TenantId, limits::PAGE_MAX};
use tenancy_registry::{Steward, TenantFilter, TenantUsage, TenantView, tenant_usage, tenants};
use tenancy_store::PageRequest;

use crate::{Parts, StartError};

/// What stands above the columns.
const TITLES: [&str; 8] = [
    "NUMBER",
    "HOST NAME",
    "NAME",
    "STATE",
    "VERIFIED",
    "SHARD",
    "CREATED",
    "SEATS",
];
/// Between two columns.
const GAP: usize = 2;
/// Where scripts begin whose characters take two columns of a terminal.
const WIDE_FROM: char = '\u{1100}';

/// Which tenants.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only those with this in a name or host name, or at the start of their number.
    #[arg(long)]
    search: Option<String>,
    /// How many; 100 at most.
    #[arg(long, default_value_t = 50,
        value_parser = clap::value_parser!(i32).range(1..=i64::from(PAGE_MAX)))]
    first: i32,
    /// Go on where another page ended, with the words of its last line.
    #[arg(long)]
    after: Option<String>,
}

pub(crate) async fn run(parts: &Parts, args: ListArgs) -> Result<(), StartError> {
    let registry = &parts.gateway.registry;
    let filter = TenantFilter {
        search: args.search,
        status: None,
    };
    let page = PageRequest::new(args.first, args.after)
        .map_err(|problem| StartError::Domain(problem.into()))?;
    let page = tenants(Steward::command_line(registry), &filter, &page).await?;
    let after = page.items.last().map(|(cursor, _)| cursor.clone());
    let rows: Vec<_> = page.items.into_iter().map(|(_, view)| view).collect();
    let ids: Vec<_> = rows.iter().map(|row| row.tenant.id).collect();
    let usage = tenant_usage(Steward::command_line(registry), &ids).await?;
    print!("{}", table(&rows, &usage));
    // Not among the lines, which a script may read.
    eprintln!("{} of {} tenants", rows.len(), page.total);
    if let Some(after) = after.filter(|_| page.has_next) {
        eprintln!("more: --after {after}");
    }
    Ok(())
}

/// The page as lines, each column as wide as its widest text.
fn table(rows: &[TenantView], usage: &HashMap<TenantId, TenantUsage>) -> String {
    let mut lines = vec![TITLES.map(str::to_owned)];
    lines.extend(rows.iter().map(|row| cells(row, usage)));
    let mut widths = [0; TITLES.len()];
    for line in &lines {
        for (widest, cell) in widths.iter_mut().zip(line) {
            *widest = Ord::max(*widest, width(cell));
        }
    }
    let mut text = String::new();
    for line in &lines {
        let mut padded = String::new();
        for (cell, widest) in line.iter().zip(widths) {
            padded.push_str(cell);
            padded.push_str(&" ".repeat(widest + GAP - width(cell)));
        }
        text.push_str(padded.trim_end());
        text.push('\n');
    }
    text
}

fn cells(view: &TenantView, usage: &HashMap<TenantId, TenantUsage>) -> [String; TITLES.len()] {
    let row = &view.tenant;
    // A store that is away leaves its tenant in the list.
    let taken = usage.get(&row.id);
    let taken = taken.map_or_else(|| "?".to_owned(), |usage| usage.seats_used.to_string());
    [
        row.number.clone(),
        row.host_name.clone(),
        row.full_name.clone(),
        format!("{:?}", row.status),
        if row.verified_at.is_some() {
            "yes"
        } else {
            "no"
        }
        .to_owned(),
        row.shard.clone(),
        row.created_at.format("%Y-%m-%d").to_string(),
        format!("{taken}/{}", view.entitlements.seats),
    ]
}

/// Columns of a terminal.
fn width(text: &str) -> usize {
    let columns = |c| if c < WIDE_FROM { 1 } else { 2 };
    text.chars().map(columns).sum()
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use kernel::{Clock as _, ManualClock, SeededRng};
    use tenancy_model::{EntitlementsSnapshot, Language, TenantStatus};
    use tenancy_store::control::tenant;

    use super::*;
    use crate::Cli;

    fn view(number: &str, host_name: &str, full_name: &str) -> TenantView {
        let clock = ManualClock::default();
        let (id, now) = (
            TenantId::new(&clock, &SeededRng::new(number.len() as u64)),
            clock.now(),
        );
        let tenant = tenant::Model {
            id,
            number: number.to_owned(),
            host_name: host_name.to_owned(),
            full_name: full_name.to_owned(),
            short_name: None,
            industry: "software".to_owned(),
            email: "founder@example.com".to_owned(),
            mobile: None,
            contact_name: "Anna".to_owned(),
            language: Language::En,
            status: TenantStatus::Active,
            status_reason: None,
            verified_at: Some(now),
            shard: "main".to_owned(),
            schema_version: 1,
            migration_error: None,
            terms_version: "1".to_owned(),
            terms_accepted_at: now,
            created_at: now,
            changed_at: now,
            removing_at: None,
        };
        let entitlements = EntitlementsSnapshot {
            version: 1,
            seats: 50,
            ends_at: None,
            trial: true,
            storage_bytes: 1 << 30,
        };
        TenantView {
            tenant,
            entitlements,
        }
    }

    #[test]
    fn every_tenant_is_a_line_and_columns_stand_below_each_other() {
        let rows = [
            view("10000001", "haiyun", "海云网络"),
            view("9000002", "acme", "Acme GmbH"),
        ];
        let used = TenantUsage {
            seats_used: 3,
            members: 4,
        };
        let usage = HashMap::from([(rows[0].tenant.id, used)]);
        let made = rows[0].tenant.created_at.format("%Y-%m-%d");
        let wanted = format!(
            "NUMBER    HOST NAME  NAME       STATE   VERIFIED  SHARD  CREATED     SEATS\n\
             10000001  haiyun     海云网络   Active  yes       main   {made}  3/50\n\
             9000002   acme       Acme GmbH  Active  yes       main   {made}  ?/50\n"
        );
        assert_eq!(table(&rows, &usage), wanted);
    }

    #[test]
    fn a_page_has_a_bound() {
        let list = |first: &str| Cli::try_parse_from(["hansa", "tenant", "list", "--first", first]);
        assert!(list("1").is_ok() && list("100").is_ok());
        assert!(list("0").is_err() && list("101").is_err());
    }
}
