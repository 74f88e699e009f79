//! Every field of both schemas is asked without a session: it answers 200 and `UNAUTHENTICATED`,
//! except for the few that are there for strangers, which are named here.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};
use hansa_tests::{Column, Schema, World};
use serde_json::json;

/// What strangers may ask of /graphql.
const OPEN_TENANT: [&str; 4] = ["viewer", "signIn", "passwordForgot", "passwordSet"];
/// What strangers may ask of /platform/graphql.
const OPEN_PLATFORM: [&str; 8] = [
    "viewer",
    "deployment",
    "hostNameCheck",
    "signupStart",
    "signupResend",
    "signupConfirm",
    "operatorClaim",
    "operatorSignIn",
];

/// covers: SEC-01
#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_needs_a_session_answers_200_and_unauthenticated() {
    let world = World::start(Column::Embedded).await;
    let (tenant, platform) = api_graphql::print_schemas();
    let sides = [
        (Schema::Tenant, tenant, &OPEN_TENANT[..]),
        (Schema::Platform, platform, &OPEN_PLATFORM[..]),
    ];
    for (schema, text, open) in sides {
        let types = Types::parse(&text);
        let (mut asked_openly, mut wrong) = (Vec::new(), Vec::new());
        for (kind, field) in types.operations() {
            let document = format!("{kind} {{ {} }}", types.call(field));
            let answer = world.browser.ask(schema, &document, json!({})).await;
            assert_eq!(answer.status, 200, "{document}: {}", answer.body);
            let name = field.name.node.as_str();
            if open.contains(&name) {
                asked_openly.push(name);
                assert_ne!(answer.code(), Some("UNAUTHENTICATED"), "{document}");
            } else {
                let path = &answer.body["errors"][0]["path"];
                if answer.code() != Some("UNAUTHENTICATED") || *path != json!([name]) {
                    wrong.push(format!("{document}: {}", answer.body));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        asked_openly.sort_unstable();
        let mut expected = open.to_vec();
        expected.sort_unstable();
        assert_eq!(asked_openly, expected, "each of these is a field");
    }
}

/// The types of a schema by name.
struct Types(BTreeMap<String, TypeKind>);

impl Types {
    fn parse(text: &str) -> Self {
        let mut types = BTreeMap::new();
        for definition in parse_schema(text).expect("a schema").definitions {
            if let TypeSystemDefinition::Type(ty) = definition {
                types.insert(ty.node.name.node.to_string(), ty.node.kind);
            }
        }
        Self(types)
    }

    /// The fields of the query and the mutation root.
    fn operations(&self) -> Vec<(&'static str, &FieldDefinition)> {
        let mut all = Vec::new();
        for (name, kind) in &self.0 {
            let (TypeKind::Object(object), Some(word)) = (kind, root(name)) else {
                continue;
            };
            all.extend(object.fields.iter().map(|field| (word, &field.node)));
        }
        assert!(all.len() > 10, "these are the roots");
        all
    }

    /// A call of a field with all its arguments, none of which means anything: who asks is looked
    /// at before what is asked.
    fn call(&self, field: &FieldDefinition) -> String {
        let arguments = self.each(field.arguments.iter().map(|argument| &argument.node));
        let arguments = match arguments.as_str() {
            "" => String::new(),
            some => format!("({some})"),
        };
        let scalar = matches!(
            self.0.get(base(&field.ty.node)),
            None | Some(TypeKind::Scalar | TypeKind::Enum(_))
        );
        let below = if scalar { "" } else { " { __typename }" };
        format!("{}{arguments}{below}", field.name.node)
    }

    fn each<'a>(&self, values: impl Iterator<Item = &'a InputValueDefinition>) -> String {
        let pairs = values.map(|value| format!("{}: {}", value.name.node, self.of(&value.ty.node)));
        pairs.collect::<Vec<_>>().join(", ")
    }

    /// Some value of a type.
    fn of(&self, ty: &Type) -> String {
        let name = match &ty.base {
            BaseType::Named(name) => name,
            BaseType::List(inner) => return format!("[{}]", self.of(inner)),
        };
        match self.0.get(name.as_str()) {
            Some(TypeKind::InputObject(object)) => {
                let fields = object.fields.iter().map(|field| &field.node);
                format!("{{ {} }}", self.each(fields))
            }
            Some(TypeKind::Enum(words)) => words.values[0].node.value.node.to_string(),
            Some(TypeKind::Scalar) if name == "Int53" => "1".to_owned(),
            Some(TypeKind::Scalar) => "\"2026-01-01T00:00:00Z\"".to_owned(),
            _ => match name.as_str() {
                "Int" | "Float" => "1".to_owned(),
                "Boolean" => "true".to_owned(),
                _ => "\"x\"".to_owned(),
            },
        }
    }
}

fn root(name: &str) -> Option<&'static str> {
    match name {
        "TenantQuery" | "PlatformQuery" => Some("query"),
        "TenantMutation" | "PlatformMutation" => Some("mutation"),
        _ => None,
    }
}

fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => base(inner),
    }
}
