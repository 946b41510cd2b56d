/** What the page is, how good, what it does with sound, and where it comes from. */
export function About() {
  return (
    <footer class="about">
      <h2 class="visually-hidden">About</h2>
      <div>
        <h3>What it is</h3>
        <p>
          It hears English digits, from zero to nine: one alone, or a number said digit by digit, such as a
          PIN or a telephone number. It is best at numbers, live and offline.
        </p>
      </div>
      <div>
        <h3>How good</h3>
        <p>
          Of 1,546 single digits by 185 people it had not heard, it had 97.7 % right. Each figure and the
          command that prints it are in the project’s docs. It can be wrong: look at what is underlined before
          you rely on it.
        </p>
      </div>
      <div>
        <h3>Your voice stays here</h3>
        <p>
          Everything is computed in this browser. No sound leaves your device, nothing is counted, and after
          the first visit no network is needed.
        </p>
      </div>
      <div>
        <h3>Make use of it</h3>
        <p>
          The project <b>spoken-digits</b> has the source, free under the MIT licence, a command line, and a
          service with the same answers over HTTP: <code>npm start</code>, then <code>/docs</code>.
        </p>
      </div>
    </footer>
  );
}
