//! The web apps are embedded at compile time; a new build of them must lead to a new binary.
fn main() {
    for app in ["console", "field"] {
        println!("cargo:rerun-if-changed=../../web/{app}/dist");
    }
}
