//! What strangers put where something else is wanted.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// JSON texts to stand where a value stands: wrong types, numbers nobody can hold, impossible times, texts that
/// break what they are put into. Some are no JSON at all.
pub fn json_texts() -> Vec<String> {
    let mut all: Vec<String> = [
        "null",
        "true",
        "0",
        "-1",
        "-0.0",
        "0.5",
        "1e308",
        "-1e308",
        "1e999",
        "NaN",
        "Infinity",
        "2147483648",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551616",
        "123456789012345678901234567890",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\udfff\\ud83d\"",
        "\"\\u202e\\u200b\\ufeff\\u0085\"",
        "\"\\u001b[31m\\r\\nX: y\"",
        "\"NaN\"",
        "\"1e999\"",
        "\"9999-12-31\"",
        "\"10000-01-01\"",
        "\"2026-02-30\"",
        "\"-000001-01-01T00:00:00Z\"",
        "\"1969-12-31T23:59:59.999999Z\"",
        "\"9999-12-31T23:59:59.999999999Z\"",
        "\"2026-11-20T09:00:60Z\"",
        "\"2026-11-20T09:00:00+99:99\"",
        "\"2199-12-31\"",
        "\"2199-12-31T23:59:59Z\"",
        "\"1970-01-01T00:00:00Z\"",
        "\"0198f0c4-7d2a-7000-8000-0123456789ab\"",
        "\"00000000-0000-0000-0000-000000000000\"",
        "\"../../../../etc/passwd\"",
        "\"' OR 1=1; --\"",
        "\"%s%n{{7*7}}${jndi:x}<script>alert(1)</script>\"",
        "\"=cmd|'/c calc'!A1\"",
        "[]",
        "{}",
        "[[[[]]]]",
        "{\"__proto__\":{\"a\":1},\"constructor\":null}",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push(format!("\"{}\"", "踏".repeat(3_000)));
    all.push(format!("\"{}\"", "x".repeat(200_000)));
    all.push(format!("{}{}", "[".repeat(3_000), "]".repeat(3_000)));
    all.push(format!("{}1{}", "{\"a\":".repeat(3_000), "}".repeat(3_000)));
    all
}

/// Whole bodies for an operation that wants a JSON object.
pub fn bodies() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = [
        &b""[..],
        b"null",
        b"[]",
        b"\"text\"",
        b"42",
        b"{",
        b"{}",
        b"{}{}",
        b"{\"a\":1}",
        b"{\"a\":1,\"a\":2}",
        b"{\"\\u0000\":1}",
        b"{\"\\ud800\":1}",
        b"{'a':1}",
        b"{\"a\":1,}",
        b"// {}",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\0}\0",
        b"{\"a\":\"\xff\xfe\"}",
        b"{\"a\":\"\0\"}",
        b"\0\0\0\0",
        b"\x1f\x8b\x08\0\0\0\0\0",
        b"<?xml version=\"1.0\"?><a/>",
        b"a=1&b=2",
    ]
    .map(<[u8]>::to_vec)
    .to_vec();
    all.push("[".repeat(500_000).into_bytes());
    all.push("{\"a\":".repeat(150_000).into_bytes());
    all.push(format!("{{\"name\":\"{}\"}}", "x".repeat(4 << 20)).into_bytes());
    all
}

/// Texts for a place in the path or the query, to be escaped.
pub fn words() -> Vec<String> {
    let mut all: Vec<String> = [
        "",
        "0",
        "-1",
        "null",
        "NaN",
        "Infinity",
        "1e999",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "123456789012345678901234567890",
        "true",
        "[]",
        "9999-12-31",
        "10000-01-01",
        "2026-02-30",
        "2199-12-31",
        "1970-01-01",
        "1969-12-31",
        "-0001-01-01",
        "0198f0c4-7d2a-7000-8000-0123456789ab",
        "00000000-0000-0000-0000-000000000000",
        "\0",
        "a\0b",
        "\r\nx: y",
        "\u{202e}\u{feff}",
        "../../etc/passwd",
        "..\\..\\x",
        "%2e%2e%2f",
        "' OR 1=1; --",
        "%' ESCAPE '\\",
        "_%_%",
        "🛵",
        "a,b,c,d",
        "NaN,NaN,NaN,NaN",
        "1e999,0,0,0",
        "180,90,-180,-90",
        "1,2,3",
        "name",
        "-name",
        "updated_at",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push("踏".repeat(2_000));
    all.push("9".repeat(5_000));
    all
}

/// Every byte that is not plain, escaped.
pub fn escaped(word: &str) -> String {
    word.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}

/// Parts of an address that are wrong as they stand.
pub const RAW_WORDS: [&str; 4] = ["%ff%fe", "%", "%zz", "%00"];

/// Cursors nobody was given. From a true one, also those with one member changed.
pub fn cursors(given: Option<&str>) -> Vec<String> {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let mut all: Vec<String> =
        ["", "====", "null", "\u{0}"].into_iter().map(|t| URL_SAFE_NO_PAD.encode(t)).collect();
    all.extend(["x", "!!!!", "AAAA", "e30", "e30=", "bnVsbA"].map(str::to_owned));
    for text in ["[]", "{}", "[null,null]", "[\"\",\"\"]", "[1e308,\"x\"]", "[[[[[[]]]]]]", "\"\\u0000\""] {
        all.push(encode(text));
    }
    let bytes = given.and_then(|c| URL_SAFE_NO_PAD.decode(c).ok());
    if let Some(Value::Array(key)) = bytes.and_then(|b| serde_json::from_slice(&b).ok()) {
        for at in 0..key.len() {
            for text in json_texts() {
                let parts: Vec<String> =
                    (0..key.len()).map(|k| if k == at { text.clone() } else { key[k].to_string() }).collect();
                let raw = format!("[{}]", parts.join(","));
                if raw.len() < 20_000 {
                    all.push(encode(&raw));
                }
            }
        }
        all.push(encode(&json!(key[..key.len().saturating_sub(1)]).to_string()));
    }
    all
}
