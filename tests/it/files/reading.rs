//! Grants: for one session, one file, ten minutes, and a membership that covers the message.
//! Whatever is wrong with one, the answer is the same.

use std::sync::Arc;

use hansa_tests::{Browser, Column, DESKTOP, MEMBER_PASSWORD};
use kernel::{Clock as _, ManualClock, SystemClock};
use sea_orm::{
    ConnectionTrait as _,
    sea_query::{Expr, ExprTrait as _, Query},
};
use serde_json::json;
use tenancy_files::GRANT_FOR;
use tenancy_model::{ConversationId, MemberId, TenantId};

use super::{Office, PICTURE};

both_columns! {
    /// covers: FIL-01
    a_file_is_read_whole_and_in_parts
    a_grant_opens_for_its_own_session_alone
    a_grant_ends_with_its_time_and_with_the_membership
}

const TEXT: &[u8] = b"0123456789 all is well";

async fn a_file_is_read_whole_and_in_parts(column: Column) {
    let office = Office::start(column).await;
    let bo = &office.bo.browser;
    let file = office.sent_file("周报 \"5\".txt", TEXT).await;
    let url = bo
        .grant(&file, "ORIGINAL", "INLINE")
        .await
        .expect("a grant");
    let (status, headers, body) = bo.read(&url, &[]).await;
    assert_eq!((status, &body[..]), (200, TEXT));
    let header = |name: &str| headers[name].to_str().expect("a text");
    // A text could be a page: it is saved, not shown.
    assert!(header("content-disposition").starts_with("attachment; filename="));
    assert!(
        header("content-disposition").contains("filename*=UTF-8''%E5%91%A8%E6%8A%A5%20%225%22.txt")
    );
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(
        header("content-security-policy"),
        "sandbox; default-src 'none'"
    );
    assert_eq!(header("content-length"), TEXT.len().to_string());
    let etag = header("etag").to_owned();
    let (status, part, body) = bo.read(&url, &[("range", "bytes=5-9")]).await;
    assert_eq!((status, &body[..]), (206, &b"56789"[..]));
    assert_eq!(part["content-range"], format!("bytes 5-9/{}", TEXT.len()));
    let (status, _, body) = bo
        .read(&url, &[("range", "bytes=-4"), ("if-range", &etag)])
        .await;
    assert_eq!((status, &body[..]), (206, &b"well"[..]));
    let (status, _, body) = bo
        .read(&url, &[("range", "bytes=5-"), ("if-range", "\"no\"")])
        .await;
    assert_eq!((status, &body[..]), (200, TEXT));
    let (status, outside, _) = bo.read(&url, &[("range", "bytes=22-")]).await;
    assert_eq!(status, 416);
    assert_eq!(outside["content-range"], format!("bytes */{}", TEXT.len()));
    let (status, _, body) = bo.read(&url, &[("if-none-match", &etag)]).await;
    assert_eq!((status, body.len()), (304, 0));
    let head = bo
        .fetch(reqwest::Method::HEAD, &url)
        .send()
        .await
        .expect("a server");
    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["content-length"], TEXT.len().to_string());
    // A picture is shown, and has a small one.
    let picture = office.sent_file("site.png", PICTURE).await;
    for variant in ["ORIGINAL", "THUMBNAIL"] {
        let url = bo
            .grant(&picture, variant, "INLINE")
            .await
            .expect("a grant");
        let (status, headers, _) = bo.read(&url, &[]).await;
        let shown = headers["content-disposition"].to_str().expect("a text");
        assert!(
            status == 200 && shown.starts_with("inline"),
            "{variant} {status} {shown}"
        );
    }
    assert_eq!(bo.grant(&file, "THUMBNAIL", "INLINE").await, None);
    office.world.running.stop().await;
}

/// What everybody is told who may not read.
async fn nothing(browser: &Browser, url: &str) -> Vec<u8> {
    let (status, _, body) = browser.read(url, &[]).await;
    assert_eq!(status, 404, "{url}: {}", String::from_utf8_lossy(&body));
    body
}

async fn a_grant_opens_for_its_own_session_alone(column: Column) {
    let office = Office::start(column).await;
    let (anna, bo) = (&office.anna.browser, &office.bo.browser);
    let file = office.sent_file("plan.txt", TEXT).await;
    let url = bo
        .grant(&file, "ORIGINAL", "ATTACHMENT")
        .await
        .expect("a grant");
    let stranger = office.world.browser.device(DESKTOP);
    let neighbour = office.world.company("neighbour").await;
    let carol = office.world.colleague(&neighbour, "Carol", "carol").await;
    let expected = nothing(&stranger, &url).await;
    // The same member in another session, a colleague in the same conversation, another company.
    let phone = office.world.browser.device(hansa_tests::PHONE);
    let phone = hansa_tests::sign_in_with(phone, "filing", "bo", MEMBER_PASSWORD, "MEMBER").await;
    let phone = phone.expect("Bo's phone").browser;
    let theirs = url.replace(&office.company.tenant, &neighbour.tenant);
    for (browser, url) in [
        (&phone, &url),
        (anna, &url),
        (&carol.browser, &url),
        (&carol.browser, &theirs),
    ] {
        assert_eq!(nothing(browser, url).await, expected);
    }
    // Tampered with, in every part of it.
    let grant = url.split('/').nth(3).expect("a grant");
    for place in (0..grant.len()).step_by(7) {
        let mut forged = grant.as_bytes().to_vec();
        forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).expect("text");
        assert_eq!(nothing(bo, &url.replace(grant, &forged)).await, expected);
    }
    // Who was never in the conversation gets no grant at all.
    let dora = office
        .world
        .colleague(&office.company, "Dora", "dora")
        .await;
    assert_eq!(dora.browser.grant(&file, "ORIGINAL", "INLINE").await, None);
    assert_eq!(carol.browser.grant(&file, "ORIGINAL", "INLINE").await, None);
    // It still opens for whom it is; replayed after the session it does not.
    assert_eq!(bo.read(&url, &[]).await.0, 200);
    let cookies = bo.cookie_header();
    bo.gql("mutation { signOut { problem { code } } }", json!({}))
        .await;
    let replay = stranger
        .fetch(reqwest::Method::GET, &url)
        .header("cookie", cookies);
    let replay = replay.send().await.expect("a server");
    assert_eq!(replay.status(), 404);
    assert_eq!(replay.bytes().await.expect("a body").to_vec(), expected);
    office.world.running.stop().await;
}

async fn a_grant_ends_with_its_time_and_with_the_membership(column: Column) {
    let clock = ManualClock::at(SystemClock.now());
    let office = Office::start_with(column, Arc::new(clock.clone()), |_| {}).await;
    let bo = &office.bo.browser;
    let file = office.sent_file("plan.txt", TEXT).await;
    let url = bo
        .grant(&file, "ORIGINAL", "ATTACHMENT")
        .await
        .expect("a grant");
    assert_eq!(bo.read(&url, &[]).await.0, 200);
    clock.advance(GRANT_FOR + GRANT_FOR / 100);
    let expired = nothing(bo, &url).await;
    let url = bo
        .grant(&file, "ORIGINAL", "ATTACHMENT")
        .await
        .expect("a grant");
    assert_eq!(bo.read(&url, &[]).await.0, 200);
    leave(&office).await;
    assert_eq!(nothing(bo, &url).await, expired);
    assert_eq!(bo.grant(&file, "ORIGINAL", "INLINE").await, None);
    office.world.running.stop().await;
}

/// Bo was in the conversation only until before the file was sent.
async fn leave(office: &Office) {
    let tenant: TenantId = office.company.tenant.parse().expect("an id");
    let conversation: ConversationId = office.conversation.parse().expect("an id");
    let member: MemberId = office.bo.member.parse().expect("an id");
    let stores = &office.world.running.parts().gateway.services.stores;
    let store = stores.tenant(tenant).await.expect("a tenant");
    let update = Query::update()
        .table("participant")
        .value("to_seq", 1_i64)
        .and_where(Expr::col("conversation_id").eq(conversation))
        .and_where(Expr::col("member_id").eq(member))
        .to_owned();
    let tx = store.begin().await.expect("a transaction");
    tx.execute(&update).await.expect("an update");
    tx.commit().await.expect("left");
}
