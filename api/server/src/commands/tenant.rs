//! `hansa tenant`: what an operator can do to a tenant without a browser.

use clap::Subcommand;
use tenancy_access::Origin;
use tenancy_model::TenantId;
use tenancy_registry::{
    Steward, TenantView, tenant_close, tenant_erase, tenant_migrate, tenant_resume, tenant_suspend,
    tenant_verify, visit,
};

use super::tenant_list;
use crate::{Parts, StartError};

/// What to do with which tenant; a tenant is named by its id (`tnt_…`), or by host name or
/// enterprise number while it is in use.
#[derive(Debug, Subcommand)]
pub(crate) enum TenantCommand {
    /// List them, the newest first: number, host name, name, state, whether verified, shard, day of
    /// creation, seats taken and granted.
    List(tenant_list::ListArgs),
    /// Close it to its members for now; nothing is lost.
    Suspend {
        /// Which.
        tenant: String,
        /// Why, for its own log.
        #[arg(long)]
        reason: String,
    },
    /// Open a suspended tenant again.
    Resume {
        /// Which.
        tenant: String,
    },
    /// Note that the company is who it says it is.
    Verify {
        /// Which.
        tenant: String,
    },
    /// End it; its data stays until it is erased.
    Close {
        /// Which.
        tenant: String,
        /// Why, for its own log.
        #[arg(long)]
        reason: String,
    },
    /// Remove the data of a closed tenant for good.
    Erase {
        /// Which, by its id.
        tenant: String,
    },
    /// Try a set-aside migration again.
    Migrate {
        /// Which.
        tenant: String,
    },
}

pub(crate) async fn run(parts: &Parts, command: TenantCommand) -> Result<(), StartError> {
    let steward = Steward::command_line(&parts.gateway.registry);
    let view = match command {
        TenantCommand::List(args) => return tenant_list::run(parts, args).await,
        TenantCommand::Suspend { tenant, reason } => {
            tenant_suspend(&steward, find(parts, &tenant).await?, &reason).await?
        }
        TenantCommand::Resume { tenant } => {
            tenant_resume(&steward, find(parts, &tenant).await?).await?
        }
        TenantCommand::Verify { tenant } => {
            tenant_verify(&steward, find(parts, &tenant).await?).await?
        }
        TenantCommand::Close { tenant, reason } => {
            tenant_close(&steward, find(parts, &tenant).await?, &reason).await?
        }
        TenantCommand::Migrate { tenant } => {
            tenant_migrate(&steward, find(parts, &tenant).await?).await?
        }
        TenantCommand::Erase { tenant } => {
            tenant_erase(&steward, find(parts, &tenant).await?).await?;
            println!("{tenant} is erased");
            return Ok(());
        }
    };
    print(&view);
    Ok(())
}

async fn find(parts: &Parts, text: &str) -> Result<TenantId, StartError> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let (visit, _) = visit(&parts.gateway.registry, Origin::job(), text).await?;
    Ok(visit.tenant.id)
}

fn print(view: &TenantView) {
    let row = &view.tenant;
    println!(
        "{} {} {} {:?}",
        row.id, row.number, row.host_name, row.status
    );
    if let Some(error) = &row.migration_error {
        println!("its migration is set aside: {error}");
    }
}
