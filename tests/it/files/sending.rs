//! Messages with files and folders, and pictures of people, as the other side sees them.

use hansa_tests::{Answer, Browser, Column, Heard, Socket};
use serde_json::{Value, json};

use super::{Office, PICTURE, told};

both_columns! {
    /// covers: MSG-06, MSG-07, MSG-08
    a_message_carries_files
    /// covers: MSG-09
    a_folder_is_one_message_and_one_zip
    /// covers: DIR-56
    people_and_the_company_have_pictures
}

async fn a_message_carries_files(column: Column) {
    let office = Office::start(column).await;
    let (anna, bo) = (&office.anna.browser, &office.bo.browser);
    let (mut own, mut hears) = (Socket::open(anna).await, Socket::open(bo).await);
    let text = anna.ready_file("周报 5.txt", b"all is well").await;
    let picture = anna.ready_file("site.png", PICTURE).await;
    let both = json!({ "attachmentIds": [picture, text] });
    let sent = office.send(anna, "with-files", both.clone()).await;
    let said = sent["entry"]["attachments"].clone();
    assert_eq!(said[0]["kind"], "IMAGE", "{sent}");
    assert_eq!(
        (&said[0]["contentType"], &said[0]["width"]),
        (&json!("image/png"), &json!(8))
    );
    assert_eq!(said[1]["name"], "周报 5.txt");
    assert_eq!(
        (&said[1]["sizeBytes"], &said[1]["state"]),
        (&json!(11), &json!("AVAILABLE"))
    );
    assert_eq!(sent["entry"]["text"], Value::Null);
    // The other side hears the same, and reads the same.
    let event = loop {
        match hears.hear().await {
            Heard::Event(event) if event["__typename"] == "MessageEvent" => break event,
            // That somebody uploads is their own business.
            Heard::Event(event) => assert_ne!(event["__typename"], "UploadEvent"),
            Heard::Closed(code, reason) => panic!("closed {code} {reason}"),
        }
    };
    while own.hear_type("UploadEvent").await["state"] != "READY" {}
    assert_eq!(event["attachments"][1]["name"], "周报 5.txt", "{event}");
    assert_eq!(event["attachments"][0]["state"], "AVAILABLE");
    let query = "query($id: ID!) { conversation(id: $id) { unread lastEntry { attachments {
        id name kind sizeBytes contentType width state fileCount } }
        entries(last: 1) { edges { node { attachments { id } } } } } }";
    let read = bo.gql(query, json!({ "id": office.conversation })).await;
    assert_eq!(read["conversation"]["unread"], 1);
    assert_eq!(read["conversation"]["lastEntry"]["attachments"], said);
    let node = &read["conversation"]["entries"]["edges"][0]["node"];
    assert_eq!(node["attachments"][0]["id"], json!(picture));
    // A retry is the same message; the same nonce with other files is another.
    let again = office.send(anna, "with-files", both).await;
    assert_eq!(
        (&again["duplicate"], &again["entry"]["seq"]),
        (&json!(true), &sent["entry"]["seq"])
    );
    let other = json!({ "attachmentIds": [text] });
    assert_eq!(
        told(&office.send(anna, "with-files", other.clone()).await).0,
        "NONCE_REUSED"
    );
    // A file is part of one message, and of its owner's.
    assert_eq!(
        told(&office.send(anna, "once-more", other.clone()).await).0,
        "FILE_ATTACHED"
    );
    let secret = anna.ready_file("mine.txt", b"mine").await;
    let stolen = json!({ "attachmentIds": [secret] });
    assert_eq!(
        not_found(&office, bo, stolen).await,
        Some("NOT_FOUND".to_owned())
    );
    let none = office
        .send(anna, "no-content", json!({ "text": " " }))
        .await;
    assert_eq!(told(&none).0, "MESSAGE_EMPTY");
    office.world.running.stop().await;
}

async fn not_found(office: &Office, browser: &Browser, more: Value) -> Option<String> {
    let query = "mutation($input: MessageSendInput!) { messageSend(input: $input) {
        problem { code } } }";
    let mut input = json!({ "conversationId": office.conversation, "nonce": "not-found-1" });
    input["attachmentIds"] = more["attachmentIds"].clone();
    let asked = browser.ask(
        hansa_tests::Schema::Tenant,
        query,
        json!({ "input": input }),
    );
    let answer: Answer = asked.await;
    answer.code().map(str::to_owned)
}

async fn a_folder_is_one_message_and_one_zip(column: Column) {
    let office = Office::start(column).await;
    let (anna, bo) = (&office.anna.browser, &office.bo.browser);
    let one = anna.ready_file("一.txt", b"the first file").await;
    let two = anna.ready_file("two.txt", b"the second file").await;
    let folder = json!({ "name": "五月", "files": [
        { "fileId": one, "path": "报告/一.txt" }, { "fileId": two, "path": "two.txt" } ] });
    let sent = office
        .send(anna, "with-folder", json!({ "folder": folder }))
        .await;
    let said = &sent["entry"]["attachments"][0];
    assert_eq!(
        (&said["kind"], &said["fileCount"]),
        (&json!("FOLDER"), &json!(2)),
        "{sent}"
    );
    assert_eq!(
        (&said["name"], &said["sizeBytes"]),
        (&json!("五月"), &json!(29))
    );
    let id = said["id"].as_str().expect("an id");
    let url = bo.grant(id, "ZIP", "ATTACHMENT").await.expect("a grant");
    let (status, headers, zip) = bo.read(&url, &[]).await;
    assert_eq!(
        (status, &headers["content-type"]),
        (200, &"application/zip".parse().expect("a type"))
    );
    let name = headers["content-disposition"].to_str().expect("a name");
    assert!(
        name.starts_with("attachment") && name.contains("%E4%BA%94%E6%9C%88.zip"),
        "{name}"
    );
    let has = |part: &[u8]| zip.windows(part.len()).any(|window| window == part);
    assert!(zip.starts_with(b"PK"), "no zip");
    for part in [
        "报告/一.txt",
        "the first file",
        "two.txt",
        "the second file",
    ] {
        assert!(has(part.as_bytes()), "{part} is not in the zip");
    }
    let escaping = json!({ "name": "x", "files": [{ "fileId": one, "path": "../x" }] });
    let refused = office
        .send(anna, "escaping", json!({ "folder": escaping }))
        .await;
    assert_eq!(told(&refused).0, "INVALID_INPUT");
    office.world.running.stop().await;
}

async fn people_and_the_company_have_pictures(column: Column) {
    let office = Office::start(column).await;
    let (anna, bo) = (&office.anna.browser, &office.bo.browser);
    let source = anna.ready_file_for("AVATAR", "me.png", PICTURE).await;
    let query = "mutation($input: MemberAvatarSetInput!) { memberAvatarSet(input: $input) {
        problem { code field } member { avatarId } } }";
    let crop = json!({ "x": 1, "y": 1, "size": 6 });
    let outside = json!({ "fileId": source, "crop": { "x": 5, "y": 5, "size": 6 } });
    let refused = anna.gql(query, json!({ "input": outside })).await;
    assert_eq!(
        told(&refused["memberAvatarSet"]).0,
        "INVALID_INPUT",
        "{refused}"
    );
    let input = json!({ "fileId": source, "crop": crop });
    let set = anna.gql(query, json!({ "input": input })).await;
    let avatar = set["memberAvatarSet"]["member"]["avatarId"].as_str();
    let avatar = avatar.unwrap_or_else(|| panic!("{set}")).to_owned();
    let seen = bo
        .gql(
            "query($id: ID!) { member(id: $id) { avatarId } }",
            json!({ "id": office.anna.member }),
        )
        .await;
    assert_eq!(seen["member"]["avatarId"], json!(avatar));
    let path = format!("/files/{}/avatar/{avatar}", office.company.tenant);
    let (status, headers, _) = bo.read(&path, &[]).await;
    assert_eq!(
        (status, headers["x-content-type-options"].to_str().ok()),
        (200, Some("nosniff"))
    );
    assert!(
        headers["cache-control"]
            .to_str()
            .expect("text")
            .contains("immutable")
    );
    let stranger = office.world.browser.device(hansa_tests::DESKTOP);
    assert_eq!(stranger.read(&path, &[]).await.0, 404);
    // The company's, which its administrator sets in the console.
    let admin = &office.company.admin.browser;
    let source = admin
        .ready_file_for("COMPANY_LOGO", "logo.png", PICTURE)
        .await;
    let query = "mutation($input: CompanyLogoSetInput!) { companyLogoSet(input: $input) {
        problem { code field } company { logoId } } }";
    let input = json!({ "fileId": source, "crop": crop });
    let set = admin.gql(query, json!({ "input": input })).await;
    let logo = set["companyLogoSet"]["company"]["logoId"].as_str();
    let logo = logo.unwrap_or_else(|| panic!("{set}"));
    let path = format!("/files/{}/logo/{logo}", office.company.tenant);
    assert_eq!(bo.read(&path, &[]).await.0, 200);
    let gone = admin.gql(query, json!({ "input": {} })).await;
    assert_eq!(gone["companyLogoSet"]["company"]["logoId"], Value::Null);
    assert_eq!(bo.read(&path, &[]).await.0, 404);
    office.world.running.stop().await;
}
