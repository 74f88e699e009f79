//! A stored object, and what was found out about it.

use sea_orm::entity::prelude::*;
use tenancy_model::{FileKind, ObjectId};

use crate::Checked;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ObjectId,
    /// Of the bytes as they were uploaded; empty while the object is being made.
    pub sha256: Option<Vec<u8>>,
    pub size_bytes: i64,
    /// With thumbnail and poster.
    pub stored_bytes: i64,
    pub content_type: String,
    pub kind: FileKind,
    pub object_key: String,
    pub thumbnail_key: Option<String>,
    pub thumbnail_type: Option<String>,
    pub thumbnail_bytes: Option<i64>,
    /// Always a JPEG.
    pub poster_key: Option<String>,
    pub poster_bytes: Option<i64>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub blur: Option<String>,
    pub duration_ms: Option<i64>,
    pub checked: Checked,
    pub hold: bool,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
