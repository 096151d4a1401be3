//! Impressions as SVG.

use std::fmt::Write;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::path::{Paint, Rgb, Segment, Shape};
use crate::{Artwork, Impression};

pub(crate) fn write(impression: &Impression) -> String {
    let (w, h) = (impression.width_mm, impression.height_mm);
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{w:.2}mm" height="{h:.2}mm" viewBox="0 0 {w:.2} {h:.2}">"#
    );
    match &impression.artwork {
        Artwork::Shapes(shapes) => shapes.iter().for_each(|shape| element(&mut svg, shape)),
        Artwork::Picture { png } => {
            let data = STANDARD.encode(png);
            let _ =
                write!(svg, r#"<image width="{w:.2}" height="{h:.2}" href="data:image/png;base64,{data}"/>"#);
        }
    }
    svg.push_str("</svg>");
    svg
}

fn element(svg: &mut String, shape: &Shape) {
    let Rgb(r, g, b) = shape.colour;
    let colour = format!("#{r:02x}{g:02x}{b:02x}");
    let (fill, stroke) = match shape.paint {
        Paint::Fill => (colour.as_str(), None),
        Paint::Stroke(width) => ("none", Some(width)),
        Paint::Bold(width) => (colour.as_str(), Some(width)),
    };
    let _ = write!(svg, r#"<path fill="{fill}""#);
    if let Some(width) = stroke {
        let _ = write!(
            svg,
            r#" stroke="{colour}" stroke-width="{width:.3}" stroke-linecap="round" stroke-linejoin="round""#
        );
    }
    svg.push_str(r#" d=""#);
    for segment in &shape.path {
        let _ = match *segment {
            Segment::Move(x, y) => write!(svg, "M{x:.3} {y:.3}"),
            Segment::Line(x, y) => write!(svg, "L{x:.3} {y:.3}"),
            Segment::Cubic(a, b, c, d, x, y) => write!(svg, "C{a:.3} {b:.3} {c:.3} {d:.3} {x:.3} {y:.3}"),
            Segment::Close => write!(svg, "Z"),
        };
    }
    svg.push_str(r#""/>"#);
}
