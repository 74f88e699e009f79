//! Each limit refuses with its number, also when many try at once.

use std::sync::Arc;

use chrono::TimeDelta;
use futures::future::join_all;
use tenancy_access::TenantContext;
use tenancy_files::{FilePolicyUpdateInput, UploadStartInput};
use tenancy_model::{EntitlementsSnapshot, ErrorCode};
use tenancy_store::testing::World;

use crate::office::{Office, code, input, problem};

tenancy_store::testing::test_both_backends!(
    the_limits_of_one_file_are_named,
    the_last_bytes_of_storage_are_given_once,
    an_hours_share_is_named_and_comes_back,
    one_nonce_at_once_is_one_upload,
    only_who_manages_the_company_changes_the_rules,
);

const MIB: u64 = 1024 * 1024;

fn entitled(ctx: &TenantContext, storage_bytes: u64) -> TenantContext {
    let entitlements = EntitlementsSnapshot {
        storage_bytes,
        ..(*ctx.entitlements).clone()
    };
    TenantContext {
        entitlements: Arc::new(entitlements),
        ..ctx.clone()
    }
}

/// covers: FIL-01, FIL-02, FIL-03, FIL-04
async fn the_limits_of_one_file_are_named(world: World) {
    let office = Office::open(&world).await;
    let (files, anna) = (&office.files, office.anna());
    let refused = async |size: u64, to_partner: bool| {
        let input = UploadStartInput {
            to_partner,
            ..input("limits", size)
        };
        let problem = problem(files.start_upload(anna, &input).await);
        (problem.code, problem.limit)
    };
    assert_eq!(refused(0, false).await.0, ErrorCode::FileEmpty);
    let off = (ErrorCode::LargeFilesOff, Some(100 * MIB));
    assert_eq!(refused(100 * MIB + 1, false).await, off);
    let partner = (ErrorCode::FileTooLarge, Some(50 * MIB));
    assert_eq!(refused(50 * MIB + 1, true).await, partner);
    let change = FilePolicyUpdateInput {
        large_files: Some(true),
        large_file_bytes_max: Some(200 * MIB),
        ..Default::default()
    };
    files
        .update_policy(&office.scene.job(), &change)
        .await
        .unwrap();
    let large = (ErrorCode::FileTooLarge, Some(200 * MIB));
    assert_eq!(refused(200 * MIB + 1, false).await, large);
    let input = input("limits", 200 * MIB);
    assert_eq!(
        files.start_upload(anna, &input).await.unwrap().part_count,
        25
    );
    let nameless = UploadStartInput {
        name: " \u{202e}".to_owned(),
        nonce: "another-one".to_owned(),
        ..input
    };
    assert_eq!(
        code(files.start_upload(anna, &nameless).await),
        ErrorCode::Required
    );
}

async fn the_last_bytes_of_storage_are_given_once(world: World) {
    let office = Office::open(&world).await;
    let anna = entitled(office.anna(), 1_000);
    let nonces: Vec<_> = (0..8).map(|n| format!("at-once-{n}")).collect();
    let starts = nonces.iter().map(|nonce| {
        let (office, anna) = (&office, &anna);
        async move { office.files.start_upload(anna, &input(nonce, 300)).await }
    });
    let started = join_all(starts).await;
    let (good, bad): (Vec<_>, Vec<_>) = started.into_iter().partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (3, 5));
    for refused in bad {
        let refused = problem(refused);
        assert_eq!(refused.code, ErrorCode::StorageFull);
        assert_eq!((refused.limit, refused.used), (Some(1_000), Some(900)));
    }
    assert_eq!(office.used().await, 900);
    let first = good.into_iter().next().unwrap().unwrap();
    office.files.cancel_upload(&anna, first.id).await.unwrap();
    office
        .files
        .start_upload(&anna, &input("after", 400))
        .await
        .unwrap();
    assert_eq!(office.used().await, 1_000);
}

async fn an_hours_share_is_named_and_comes_back(world: World) {
    let office = Office::open(&world).await;
    let (files, anna) = (&office.files, office.anna());
    for n in 0..3 {
        let upload = files
            .start_upload(anna, &input(&format!("rate-{n}"), 80 * MIB))
            .await;
        files.cancel_upload(anna, upload.unwrap().id).await.unwrap();
        office.advance(TimeDelta::minutes(10));
    }
    let refused = problem(files.start_upload(anna, &input("rate-3", 80 * MIB)).await);
    assert_eq!(refused.code, ErrorCode::UploadRate);
    assert_eq!(
        (refused.limit, refused.used),
        (Some(256 * MIB), Some(240 * MIB))
    );
    assert_eq!(refused.retry_after_s, Some(30 * 60));
    files
        .start_upload(office.bernd(), &input("rate-3", 80 * MIB))
        .await
        .unwrap();
    office.advance(TimeDelta::minutes(30));
    files
        .start_upload(anna, &input("rate-3", 80 * MIB))
        .await
        .unwrap();
}

async fn one_nonce_at_once_is_one_upload(world: World) {
    let office = Office::open(&world).await;
    let starts = (0..6).map(|_| {
        let office = &office;
        async move {
            office
                .files
                .start_upload(office.anna(), &input("one", 500))
                .await
        }
    });
    let ids: Vec<_> = join_all(starts)
        .await
        .into_iter()
        .map(|u| u.unwrap().id)
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(office.used().await, 500);
}

async fn only_who_manages_the_company_changes_the_rules(world: World) {
    let office = Office::open(&world).await;
    let change = FilePolicyUpdateInput::default();
    let refused = office.files.update_policy(office.anna(), &change).await;
    assert!(matches!(
        refused,
        Err(tenancy_access::DomainError::Fault(_))
    ));
    assert!(tenancy_files::usage(office.anna()).await.is_err());
    let told = tenancy_files::file_policy(office.anna()).await.unwrap();
    assert_eq!(told.file_bytes_max, 100 * MIB);
}
