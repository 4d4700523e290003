// What the pages ask for by attributes; each behaviour is one file.
import "./mint";
import "./locate";
import "./pick";
import "./stepper";
import "./send";
import "./trouble";
import "./fresh";
import "./morph";
