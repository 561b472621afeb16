import { render } from "preact";
import "./page.css";
import "./shared/controls.css";
import { Shell } from "./shell/shell.tsx";

render(<Shell />, document.getElementById("page") ?? document.body);
