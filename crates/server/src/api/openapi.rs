//! The description of the API (OpenAPI 3.1), from which the web application's types are made.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use utoipa::PartialSchema as _;
use utoipa::ToSchema as _;
use utoipa::openapi::{InfoBuilder, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

use crate::http::problem::Problem;

/// The document, the same bytes each time.
pub(crate) fn document() -> String {
    let info = InfoBuilder::new()
        .title("Vermilion")
        .version("1")
        .description(Some("Refusals are problems (RFC 9457) with a stable `code`."))
        .build();
    let (_, api) = OpenApiRouter::with_openapi(OpenApiBuilder::new().info(info).build())
        .nest("/api/v1", super::described())
        .split_for_parts();
    let mut document = serde_json::to_value(api).expect("a description is plain data");
    add_problem(&mut document);
    say_what_answers_always_hold(&mut document);
    serde_json::to_string_pretty(&document).expect("a description is plain data") + "\n"
}

/// Every operation may answer with a problem.
fn add_problem(document: &mut Value) {
    let mut schemas = Vec::new();
    Problem::schemas(&mut schemas);
    schemas.push((Problem::name().into(), Problem::schema()));
    for (name, schema) in schemas {
        document["components"]["schemas"][name] =
            serde_json::to_value(schema).expect("a schema is plain data");
    }
    let answer = json!({
        "description": "What went wrong",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
    });
    for operation in operations(document) {
        operation["responses"]["default"] = answer.clone();
    }
}

/// An answer holds every member that its schema names, if only as `null`; a request may leave members out.
fn say_what_answers_always_hold(document: &mut Value) {
    let mut answered = BTreeSet::new();
    let mut asked = BTreeSet::new();
    for operation in operations(document) {
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            if status != "default" {
                references(response, &mut answered);
            }
        }
        references(&operation["requestBody"], &mut asked);
    }
    let schemas = document["components"]["schemas"].as_object_mut().expect("there are schemas");
    close(schemas, &mut answered);
    close(schemas, &mut asked);
    for name in answered.difference(&asked) {
        if let Some(schema) = schemas.get_mut(name) {
            require_all(schema);
        }
    }
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut().expect("there are paths");
    paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut)
}

/// The names of the schemas that `value` refers to.
fn references(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member.as_str().and_then(|text| text.strip_prefix("#/components/schemas/")) {
                    Some(name) if key == "$ref" => {
                        names.insert(name.to_owned());
                    }
                    _ => references(member, names),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        _ => {}
    }
}

/// Adds what the named schemas refer to, until nothing is new.
fn close(schemas: &Map<String, Value>, names: &mut BTreeSet<String>) {
    loop {
        let before = names.len();
        for name in names.clone() {
            if let Some(schema) = schemas.get(&name) {
                references(schema, names);
            }
        }
        if names.len() == before {
            return;
        }
    }
}

fn require_all(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(properties) = members.get("properties").and_then(Value::as_object) {
                let names: Vec<Value> = properties.keys().cloned().map(Value::String).collect();
                members.insert("required".to_owned(), Value::Array(names));
            }
            members.values_mut().for_each(require_all);
        }
        Value::Array(items) => items.iter_mut().for_each(require_all),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_the_same_each_time_and_every_operation_has_its_name() {
        let first = document();
        assert_eq!(first, document());
        let mut parsed: Value = serde_json::from_str(&first).expect("JSON");
        let ids: Vec<String> =
            operations(&mut parsed).map(|operation| operation["operationId"].to_string()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{ids:?}");
        assert!(ids.len() > 45, "{}", ids.len());
    }

    #[test]
    fn answers_hold_all_their_members() {
        let parsed: Value = serde_json::from_str(&document()).expect("JSON");
        let envelope = &parsed["components"]["schemas"]["Envelope"];
        let properties = envelope["properties"].as_object().expect("an object").len();
        assert_eq!(envelope["required"].as_array().expect("a list").len(), properties);
        let patch = &parsed["components"]["schemas"]["EnvelopePatch"];
        assert!(patch["required"].is_null(), "{patch}");
    }
}
