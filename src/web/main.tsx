import { render } from "preact";
import { isFramedByOthers, showLinkAlone } from "./frame-guard.ts";
import { keepUpToDate } from "./offline/keep-up-to-date.ts";
import { loadModels } from "./state/startup.ts";
import { Page } from "./views/page.tsx";

if (isFramedByOthers()) showLinkAlone();
else {
  render(<Page />, document.getElementById("page")!);
  // Offline use is prepared last, so that nothing competes with the model for the connection.
  void loadModels().then(keepUpToDate);
}
