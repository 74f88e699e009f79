//! A held file: neither deletion nor retention removes its bytes, whatever becomes of its uses.

use sea_orm::{
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _, sea_query::Expr,
};
use tenancy_access::{
    DomainError, TenantContext,
    audit_log::{Deed, append},
};
use tenancy_model::{FileId, FileRemoval, ObjectId, Permission};
use tenancy_store::TenantTx;

use crate::{
    Files,
    entity::{file, file_entry},
    remove,
    tidy::end_uses,
};

impl Files {
    /// Holds the bytes behind a use (also one that was removed since), or lets them go: then what
    /// has no use left is removed.
    ///
    /// # Errors
    /// [`DomainError::FORBIDDEN`] without `CompanyManage`; `NOT_FOUND`.
    pub async fn set_hold(
        &self,
        ctx: &TenantContext,
        id: FileId,
        hold: bool,
    ) -> Result<(), DomainError> {
        ctx.require(Permission::CompanyManage)?;
        let tx = ctx.store.begin().await?;
        let entry = file_entry::Entity::find_by_id(id).one(&tx).await?;
        let entry = entry.ok_or(DomainError::NOT_FOUND)?;
        let object = entry.file_id.ok_or(DomainError::NOT_FOUND)?;
        let set = file::Entity::update_many()
            .col_expr(file::Column::Hold, Expr::value(hold))
            .filter(file::Column::Id.eq(object))
            .exec(&tx)
            .await?;
        if set.rows_affected == 0 {
            return Err(DomainError::NOT_FOUND);
        }
        let action = if hold { "file.hold" } else { "file.release" };
        append(&tx, ctx, &Deed::new(action).to(&entry.name, id)).await?;
        if !hold {
            remove::release(&tx, &ctx.services, &[object]).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Ends uses inside the caller's transaction (a message was deleted); the last use of an object
    /// frees it, unless it is held. A folder's files go with it.
    ///
    /// # Errors
    /// The database refused.
    pub async fn remove_uses(&self, tx: &TenantTx, ids: &[FileId]) -> Result<(), DomainError> {
        let rows = file_entry::Entity::find()
            .filter(
                file_entry::Column::Id
                    .is_in(ids.iter().copied())
                    .or(file_entry::Column::FolderId.is_in(ids.iter().copied())),
            )
            .filter(file_entry::Column::RemovedAt.is_null())
            .all(tx)
            .await?;
        Ok(end_uses(tx, &self.services, &rows, FileRemoval::Deleted).await?)
    }
}

/// Rows of objects that a crash left before they became usable, and that nobody is making.
pub(crate) async fn unmade(
    tx: &TenantTx,
    before: kernel::Instant,
    limit: u64,
) -> Result<Vec<file::Model>, DomainError> {
    use sea_orm::QuerySelect as _;
    use tenancy_model::{UploadId, UploadState};

    use crate::entity::upload;
    let rows = file::Entity::find()
        .filter(file::Column::Sha256.is_null())
        .filter(file::Column::CreatedAt.lte(before))
        .limit(limit)
        .all(tx)
        .await?;
    let uploads = rows.iter().map(|row| UploadId::from(row.id.uuid()));
    let making: Vec<UploadId> = upload::Entity::find()
        .select_only()
        .column(upload::Column::Id)
        .filter(upload::Column::Id.is_in(uploads))
        .filter(upload::Column::State.eq(UploadState::Checking))
        .into_tuple()
        .all(tx)
        .await?;
    let is_made = |id: ObjectId| !making.contains(&UploadId::from(id.uuid()));
    Ok(rows.into_iter().filter(|row| is_made(row.id)).collect())
}
